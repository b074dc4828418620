package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// judge tells what an answer means; the body is its beginning, if there is one.
func judge(status int, header http.Header, body []byte) Reason {
	if isChallenge(status, header, body) {
		return Challenge
	}
	switch {
	case status == http.StatusRequestedRangeNotSatisfiable: // an empty file: there is nothing to have a part of
		return Answered
	case status >= 200 && status < 300:
		return Answered
	case status >= 300 && status < 400:
		return BadRedirect // unless it has somewhere to lead to
	}
	switch status {
	case http.StatusNotFound:
		return NotFound
	case http.StatusGone:
		return Gone
	case http.StatusUnauthorized, http.StatusProxyAuthRequired:
		return Login
	case http.StatusForbidden, http.StatusPreconditionFailed, http.StatusUnavailableForLegalReasons:
		return Forbidden
	case http.StatusTooManyRequests:
		return TooMany
	}
	if status >= 500 {
		return ServerError
	}
	return OtherStatus
}

// marks are what the pages that test for a browser have: Cloudflare, 加速乐, 瑞数 (Ruishu), Alibaba Cloud, Tencent Cloud.
var marks = [][]byte{
	[]byte("/cdn-cgi/challenge-platform/"), []byte("cf-chl-"), []byte("__jsl_clearance"), []byte("$_ts=window"), []byte("$_ts = window"), []byte("acw_sc__v2"), []byte("aliyun_waf"),
	[]byte("TencentCaptcha"), []byte("probe.js?appid="),
}

// isChallenge reports whether an answer is a test rather than the document.
func isChallenge(status int, header http.Header, body []byte) bool {
	if strings.EqualFold(header.Get("Cf-Mitigated"), "challenge") || strings.Contains(strings.Join(header["Set-Cookie"], "\n"), "__jsl_clearance") {
		return true
	}
	for _, mark := range marks {
		if bytes.Contains(body, mark) {
			return true
		}
	}
	lower := bytes.ToLower(body)
	switch status {
	case http.StatusAccepted, http.StatusPreconditionFailed, 521: // statuses of 瑞数 and 加速乐, as other servers use them without a script
		return bytes.Contains(lower, []byte("<script"))
	case http.StatusOK, http.StatusPartialContent:
		// nothing but a refresh to an address that proves the browser
		return len(body) < 2048 && bytes.Contains(lower, []byte(`http-equiv="refresh"`)) && bytes.Contains(lower, []byte("challenge"))
	}
	return false
}

// retryAfter reads the header of that name, in seconds or as a date.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now))
	}
	return 0
}
