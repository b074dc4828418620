package build

// task is something that goes on beside the rest, such as a file on its way to the disk. A nil one is done.
type task struct {
	done chan struct{}
	err  error
}

func inBackground(do func() error) *task {
	t := &task{done: make(chan struct{})}
	go func() {
		t.err = do()
		close(t.done)
	}()
	return t
}

// wait returns when it is done.
func (t *task) wait() error {
	if t == nil {
		return nil
	}
	<-t.done
	return t.err
}
