package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gongkai/generator/build"
	"gongkai/generator/finding"
	"gongkai/generator/links/web"
	"gongkai/generator/site"
)

// External says how links to other sites are checked.
type External struct {
	Web   web.Options // its clock, pauses and jitter are the caller's
	Cache string      // file that keeps what answered; empty for none
}

// external asks the other sites. A finding stands at every place that has the address.
func external(ctx context.Context, opt External, allowances []site.ExternalAllowance, list []build.External) ([]finding.Finding, error) {
	for _, a := range allowances {
		rule, err := web.NewRule(a.Pattern, a.Reason)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrExternal, err)
		}
		opt.Web.Allow = append(opt.Web.Allow, rule)
	}
	if opt.Cache != "" {
		var err error
		if opt.Web.Cache, err = web.LoadCache(opt.Cache); err != nil {
			return nil, err
		}
	}
	addresses := make([]string, len(list))
	for i, x := range list {
		addresses[i] = x.URL
	}
	var out []finding.Finding
	for i, r := range web.Check(ctx, addresses, opt.Web) {
		for _, say := range verdicts(&r) {
			at := list[i].At
			if n := len(at); n > shown { // a link of the footer, on every page
				say.message = finding.T("%[1]s（共 %[3]d 处）", "%[2]s (in %[3]d places)", say.message.ZH, say.message.EN, n)
				at = at[:1]
			}
			for _, p := range at {
				out = append(out, finding.New(say.rule, p, say.message, say.mend).About(r.URL))
			}
		}
	}
	if opt.Cache != "" {
		if err := os.MkdirAll(filepath.Dir(opt.Cache), 0o755); err != nil {
			return nil, fmt.Errorf("keep the cache of links: %w", err)
		}
		if err := opt.Web.Cache.Save(opt.Cache, opt.Web.Now()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ErrExternal says that the settings' external_ok is at fault.
var ErrExternal = errors.New("a pattern of external_ok is at fault")

// verdict is what there is to say of one address.
type verdict struct {
	rule          *finding.Rule
	message, mend finding.Text
}

func verdicts(r *web.Result) []verdict {
	var out []verdict
	why := reasons[r.Reason]
	if r.Status > 0 {
		why = finding.T("%[1]s（%[3]d）", "%[2]s (%[3]d)", why.ZH, why.EN, r.Status)
	}
	switch {
	case r.State == web.Broken:
		out = append(out, verdict{finding.BrokenExternal,
			finding.T("%[1]s：%[3]s", "%[2]s: %[3]s", why.ZH, why.EN, r.URL),
			finding.T("改为现在的地址，或去掉链接", "link to where it is now, or remove the link")})
	case r.State == web.Unknown:
		switch r.Reason {
		case web.Ignored:
		case web.Expired, web.WrongHost, web.UnknownAuthority, web.NoTLS:
			out = append(out, verdict{finding.ExternalTLS,
				finding.T("%[1]s：%[3]s", "%[2]s: %[3]s", why.ZH, why.EN, r.URL),
				finding.T("请对方更换证书；换成其他来源的链接", "ask the other site to renew it, or link elsewhere")})
		default:
			out = append(out, verdict{finding.ExternalUnsure,
				finding.T("%[1]s：%[3]s", "%[2]s: %[3]s", why.ZH, why.EN, r.URL),
				finding.T("用浏览器打开核对；确实正常的，写进 site.yaml 的“免查外链”", "open it in a browser; where it is right, name it in external_ok of site.yaml")})
		}
	}
	for _, a := range r.Advice {
		switch a.Kind {
		case web.Moved:
			out = append(out, verdict{finding.MovedExternal, finding.T("已永久转移：%s", "moved for good: %s", r.URL), finding.T("改为 %s", "link to %s", a.URL)})
		case web.Foreign:
			out = append(out, verdict{finding.ForeignHost,
				finding.T("转到了另一个网站：%s → %s", "leads to another site: %s → %s", r.URL, a.URL),
				finding.T("打开核对内容；域名被他人注册的，立即去掉链接", "look at what is there now; remove the link where the domain was taken")})
		case web.HomePage:
			out = append(out, verdict{finding.ExternalUnsure,
				finding.T("转到了对方的首页，文件可能已经不在：%s", "leads to a home page; the document may be gone: %s", r.URL),
				finding.T("打开核对，改为现在的地址", "look for where it is now")})
		}
	}
	return out
}

// reasons are the reasons in words.
var reasons = map[web.Reason]finding.Text{
	web.NotFound: {ZH: "页面不存在", EN: "not found"}, web.Gone: {ZH: "页面已删除", EN: "gone"}, web.NoHost: {ZH: "域名不存在", EN: "no such host"},
	web.Refused: {ZH: "对方拒绝连接", EN: "connection refused"}, web.NotChecked: {ZH: "时间已到，没有检查", EN: "not checked in time"},
	web.Malformed: {ZH: "网址写法有误", EN: "malformed address"}, web.NotPublic: {ZH: "不是公网地址", EN: "not a public address"},
	web.Offline: {ZH: "所有网站都连不上，可能没有网络", EN: "nothing can be reached; there may be no network"}, web.NameServer: {ZH: "域名服务器没有回答", EN: "the name server gave no answer"},
	web.NoConnection: {ZH: "连接不上", EN: "no connection"}, web.AnswerTimeout: {ZH: "没有及时回答", EN: "no answer in time"}, web.ConnectionLost: {ZH: "连接中断", EN: "connection lost"},
	web.BadAnswer: {ZH: "回答不是网页", EN: "the answer is not HTTP"}, web.Expired: {ZH: "证书已过期", EN: "the certificate has expired"},
	web.WrongHost: {ZH: "证书是别的域名的", EN: "the certificate is for another host"}, web.UnknownAuthority: {ZH: "证书不受信任", EN: "the certificate is not trusted"},
	web.NoTLS: {ZH: "加密方式不被支持", EN: "no protocol of encryption in common"}, web.Login: {ZH: "需要登录", EN: "needs a login"}, web.Forbidden: {ZH: "拒绝程序访问", EN: "turns programs away"},
	web.TooMany: {ZH: "访问太频繁", EN: "too many requests"}, web.Challenge: {ZH: "要求验证浏览器", EN: "tests for a browser"}, web.ServerError: {ZH: "对方服务器出错", EN: "server error"},
	web.OtherStatus: {ZH: "回答不正常", EN: "unusual answer"}, web.BadRedirect: {ZH: "转向有误", EN: "faulty redirect"}, web.RedirectLoop: {ZH: "来回转向", EN: "redirects in a loop"},
	web.TooManyRedirects: {ZH: "转向太多", EN: "too many redirects"},
}
