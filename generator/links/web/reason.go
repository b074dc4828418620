package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
)

// Reason is why an address is in its state.
type Reason uint8

// The reasons, with the states that they are given for.
const (
	Answered         Reason = iota // OK: 2xx
	Allowed                        // OK: by a rule
	NotFound                       // Broken: 404
	Gone                           // Broken: 410
	NoHost                         // Broken: the host's name does not exist
	Refused                        // Broken: the host refuses connections; the rest is Unknown
	NotChecked                     // the time was over, or the check was cancelled
	Ignored                        // by a rule
	Malformed                      // not an address of http or https
	NotPublic                      // the host is in a private network
	Offline                        // no host at all could be reached: this machine may have no network
	NameServer                     // the name server gave no answer
	NoConnection                   // no connection in time, or no way to the host
	AnswerTimeout                  // no answer in time
	ConnectionLost                 // closed before the answer was complete
	BadAnswer                      // not HTTP
	Expired                        // the certificate is out of date
	WrongHost                      // the certificate is another host's
	UnknownAuthority               // the certificate's authority is not known
	NoTLS                          // no protocol or cipher in common
	Login                          // 401, 407
	Forbidden                      // 403, 412, 451
	TooMany                        // 429
	Challenge                      // a page that tests for a browser
	ServerError                    // 5xx
	OtherStatus                    // any other answer
	BadRedirect                    // a redirect to nothing, or to another scheme
	RedirectLoop                   // redirects that come back
	TooManyRedirects               // more than ten
)

// String returns the reason's name in reports for machines.
func (r Reason) String() string {
	return [...]string{"answered", "allowed", "not-found", "gone", "no-host", "refused", "not-checked", "ignored", "malformed", "not-public",
		"offline", "name-server", "no-connection", "answer-timeout", "connection-lost", "bad-answer", "expired", "wrong-host",
		"unknown-authority", "no-tls", "login", "forbidden", "too-many", "challenge", "server-error", "other-status", "bad-redirect",
		"redirect-loop", "too-many-redirects"}[r]
}

// reachError is why a host could not be reached: it is the same for every address of the host.
type reachError struct {
	reason Reason
	err    error
}

func (e *reachError) Error() string { return fmt.Sprintf("%v: %v", e.reason, e.err) }
func (e *reachError) Unwrap() error { return e.err }

// lookupReason tells a name that does not exist from a name server that does not answer.
func lookupReason(err error) Reason {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound && !dns.IsTemporary && !dns.IsTimeout {
		return NoHost
	}
	return NameServer
}

// Windows has its own numbers for sockets, which package syscall does not know.
const (
	wsaReset   = syscall.Errno(10054)
	wsaRefused = syscall.Errno(10061)
)

func dialReason(err error) Reason {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaRefused):
		return Refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, wsaReset):
		return ConnectionLost
	}
	return NoConnection
}

func handshakeReason(err error) Reason {
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Expired
	case errors.As(err, &host):
		return WrongHost
	case errors.As(err, &authority), errors.As(err, &verification):
		return UnknownAuthority
	case isTimeout(err):
		return NoConnection
	}
	return NoTLS
}

// exchangeReason tells what went wrong between request and answer.
func exchangeReason(err error) Reason {
	var reach *reachError
	switch {
	case errors.As(err, &reach):
		return reach.reason
	case isTimeout(err):
		return AnswerTimeout
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, wsaReset), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ConnectionLost
	}
	return BadAnswer
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// passes reports whether what is the matter may pass, or has to be confirmed.
func (r Reason) passes() bool {
	switch r {
	case NoHost, Refused, NameServer, NoConnection, AnswerTimeout, ConnectionLost, TooMany, ServerError:
		return true
	}
	return false
}

// certain reports whether a reason makes an address Broken.
func (r Reason) certain() bool { return r >= NotFound && r <= Refused }
