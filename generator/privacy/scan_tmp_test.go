package privacy
import ("testing";"os";"path/filepath";"fmt";"strings")
func TestTmpScan(t *testing.T){
 s:=NewScanner(today)
 n:=0
 for _,root:=range []string{"../../content","/work/shared/catalogs","/work/shared/reference"} {
 filepath.Walk(root,func(p string,i os.FileInfo,e error)error{
  if e!=nil||i.IsDir()||!(strings.HasSuffix(p,".md")||strings.HasSuffix(p,".csv")){return nil}
  b,_:=os.ReadFile(p); n+=len(b)
  for _,m:=range s.Find(nil,string(b)) { fmt.Println(p,m.Kind,string(b[m.Start:m.End]),"|",lineOf(string(b),m.Start)) }
  return nil}) }
 fmt.Println(n,"bytes")
}
func lineOf(s string,i int)string{a:=strings.LastIndex(s[:i],"\n")+1;e:=strings.IndexByte(s[i:],'\n');if e<0{e=len(s)-i};return s[a:min(i+e,a+300)]}
