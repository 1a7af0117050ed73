//go:build !cgo || mjwt_wasm

package mjwt

import (
	"bytes"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"
)

var wasmSecret = bytes.Repeat([]byte("wazero"), 6)

func wasmVerifier(t *testing.T) (*Verifier, *Signer, string) {
	t.Helper()
	v, err := NewVerifier(wasmSecret)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(wasmSecret)
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.SignJSON([]byte(`{"sub":"me"}`))
	if err != nil {
		t.Fatal(err)
	}
	return v, s, token
}

// trap makes every further call of an instance of the pool trap.
func trap(t *testing.T, p *wasmPool) {
	t.Helper()
	i, err := p.get()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.call("reserve", 1<<32-1); err == nil {
		t.Fatal("no trap")
	}
	p.put(i)
}

// A trap is an error of one call, never the end of the process, and the next
// call has a good instance.
func TestTraps(t *testing.T) {
	v, s, token := wasmVerifier(t)
	for range 3 {
		trap(t, v.state.Load().backend.pool)
		if claims, err := v.Verify(token); !errors.Is(err, ErrPanic) || claims != nil || IsTokenError(err) {
			t.Errorf("%v, %v", claims, err)
		}
		trap(t, v.state.Load().backend.pool)
		if out, err := v.AppendClaims([]byte("x"), token); !errors.Is(err, ErrPanic) || string(out) != "x" {
			t.Errorf("%q, %v", out, err)
		}
		if claims, err := v.Verify(token); err != nil || claims.Subject() != "me" {
			t.Errorf("%v, %v", claims, err)
		}
		trap(t, s.backend.Load().pool)
		if out, err := s.AppendSign([]byte("x"), []byte("{}")); !errors.Is(err, ErrPanic) || string(out) != "x" {
			t.Errorf("%q, %v", out, err)
		}
		if again, err := s.SignJSON([]byte(`{"sub":"me"}`)); err != nil || again != token {
			t.Errorf("%q, %v", again, err)
		}
	}
}

// However many goroutines call, there are no more instances than can run at
// the same time; one goroutine alone has one.
func TestInstancesAreBounded(t *testing.T) {
	v, _, token := wasmVerifier(t)
	pool := v.state.Load().backend.pool
	made := func() int { return cap(pool.unmade) - len(pool.unmade) }
	for range 10 {
		if _, err := v.Verify(token); err != nil {
			t.Fatal(err)
		}
	}
	if made() != 1 {
		t.Errorf("%d instances for one goroutine", made())
	}
	var callers sync.WaitGroup
	for range 50 {
		callers.Add(1)
		go func() {
			defer callers.Done()
			for range 20 {
				if claims, err := v.Verify(token); err != nil || claims.Subject() != "me" {
					t.Errorf("%v, %v", claims, err)
				}
			}
		}()
	}
	callers.Wait()
	if made() > runtime.GOMAXPROCS(0) || len(pool.ready) != made() {
		t.Errorf("%d instances, %d ready", made(), len(pool.ready))
	}

	// Who finds none waits.
	var all []*wasmInstance
	for range cap(pool.ready) {
		i, err := pool.get()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, i)
	}
	done := make(chan error)
	go func() {
		_, err := v.Verify(token)
		done <- err
	}()
	select {
	case err := <-done:
		t.Errorf("did not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	pool.put(all[0])
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, i := range all[1:] {
		pool.put(i)
	}
}

// The memory of an instance, wherever it was, is wiped, and so is the copy of
// the secret that new instances are made of.
func TestInstancesAreWiped(t *testing.T) {
	allZero := func(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }

	memory := new(wipedMemory)
	small := memory.Reallocate(8)
	copy(small, wasmSecret)
	large := memory.Reallocate(16)
	if !allZero(small) || !bytes.Equal(large[:8], wasmSecret[:8]) || len(large) != 16 {
		t.Errorf("grown: %q, %q", small, large)
	}
	if again := memory.Reallocate(16); &again[0] != &large[0] {
		t.Error("moved for nothing")
	}
	memory.Free()
	if !allZero(large) {
		t.Errorf("freed: %q", large)
	}

	v, _, token := wasmVerifier(t)
	pool := v.state.Load().backend.pool
	if _, err := v.Verify(token); err != nil {
		t.Fatal(err)
	}
	i := <-pool.ready
	used, _ := i.memory.Read(0, i.memory.Size())
	if allZero(used) {
		t.Fatal("no memory to wipe")
	}
	pool.put(i)
	pool.close()
	if !allZero(used) {
		t.Error("the memory of a closed instance is not wiped")
	}

	wiped := 0
	if _, _, err := newWasmPool(func(*wasmInstance) error { return ErrNoKeys }, func() { wiped++ }); err != ErrNoKeys || wiped != 1 {
		t.Errorf("%v, wiped %d times", err, wiped)
	}
}

// The instances of a verifier are closed when it is.
func TestInstancesAreClosed(t *testing.T) {
	v, _, token := wasmVerifier(t)
	if _, err := v.Verify(token); err != nil {
		t.Fatal(err)
	}
	i := <-v.state.Load().backend.pool.ready
	v.state.Load().backend.pool.put(i)
	v.Close()
	for deadline := time.Now().Add(10 * time.Second); !i.module.IsClosed(); {
		runtime.GC()
		time.Sleep(time.Millisecond)
		if time.Now().After(deadline) {
			t.Fatal("not closed")
		}
	}
}

func TestBearerToken(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer a": "a", "bEARER \t a b \t": "a b", "Bearer": "", "Bearer ": "", "Bearer \t": "", "Basic a": "", "": "", "a": "",
		" Bearer a": "", "Bearer\ta": "",
	} {
		if got := bearerToken(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}
