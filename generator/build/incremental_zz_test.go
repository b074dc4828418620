package build
import ("testing";"time";"fmt";"runtime/debug";"os")
func TestZZ(t *testing.T){
	if os.Getenv("GCP")!="" { debug.SetGCPercent(400) }
	w:=newWorld(t,t.TempDir())
	a:=time.Now(); s,f,err:=Run(w.options()); if err!=nil{t.Fatal(err)}
	fmt.Println("cold",time.Since(a), s.Files, s.Disclosures, len(f), s.Pages)
	for _,x:=range f { fmt.Println(x.Position, x.Rule.ID, x.Message.EN) }
	for range 3 { a=time.Now(); d,err:=Verify(w.options(),s,f); fmt.Println("verify",time.Since(a),len(d),err) 
	a=time.Now(); w.build(); fmt.Println("again",time.Since(a)) }
	for _,k:=range kinds[:12] {
		w.apply(step{&k,seedOf(k.name)})
		a=time.Now(); w.build(); fmt.Println("edit",time.Since(a))
		a=time.Now(); fmt.Println(k.name, w.verify()); fmt.Println("verify",time.Since(a))
	}
	a=time.Now(); w2:=w.copyWorld(t,t.TempDir()+"/x"); fmt.Println("copy",time.Since(a)); _=w2
}
