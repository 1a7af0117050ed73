//go:build !cgo || mjwt_wasm

package mjwt

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// The published module has the file, in a checkout `make wasm` makes it.
//
//go:embed mjwt.wasm
var wasmBytes []byte

// wasmModule is compiled once for the process, when the first verifier or
// signer is made.
type wasmModule struct {
	runtime wazero.Runtime
	code    wazero.CompiledModule
}

var compileWasm = sync.OnceValues(func() (*wasmModule, error) {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithMemoryLimitPages(wasmMaxPages))
	code, err := r.CompileModule(ctx, wasmBytes)
	if err != nil {
		return nil, fmt.Errorf("mjwt: the WebAssembly module: %w", err)
	}
	return &wasmModule{r, code}, nil
})

// An instance takes 128 MiB at most: room for two tokens of the longest
// length that an option allows, and what is made of them.
const wasmMaxPages = 128 << 20 >> 16

// A wasmInstance is the module with a memory of its own, in which the keys
// are. It belongs to one goroutine at a time.
type wasmInstance struct {
	module api.Module
	memory api.Memory
	handle uint64 // Of the verifier or the signer.
	input  uint32 // Where the input is; the output is room bytes behind it.
	room   uint32
	stack  [3]uint64

	verifyFunction, signFunction, keyIndexFunction api.Function
}

func newWasmInstance() (*wasmInstance, error) {
	m, err := compileWasm()
	if err != nil {
		return nil, err
	}
	ctx := experimental.WithMemoryAllocator(context.Background(), experimental.MemoryAllocatorFunc(newWipedMemory))
	module, err := m.runtime.InstantiateModule(ctx, m.code, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, fmt.Errorf("mjwt: the WebAssembly module: %w", err)
	}
	i := &wasmInstance{
		module: module, memory: module.Memory(), verifyFunction: module.ExportedFunction("verify"),
		signFunction: module.ExportedFunction("sign"), keyIndexFunction: module.ExportedFunction("key_index"),
	}
	return i, i.reserve(1)
}

// close wipes the memory.
func (i *wasmInstance) close() { i.module.Close(context.Background()) }

// call calls a function by its name. An error is a trap: what the instance
// holds is then not reliable.
func (i *wasmInstance) call(name string, arguments ...uint64) (uint64, error) {
	results, err := i.module.ExportedFunction(name).Call(context.Background(), arguments...)
	if err != nil || len(results) == 0 {
		return 0, err
	}
	return results[0], nil
}

// fast calls a function without allocating, and returns its 32 bits.
func (i *wasmInstance) fast(function api.Function, arguments ...uint64) (int, error) {
	copy(i.stack[:], arguments)
	err := function.CallWithStack(context.Background(), i.stack[:])
	return int(int32(i.stack[0])), err
}

// reserve makes room for an input and an output of n bytes each.
func (i *wasmInstance) reserve(n int) error {
	if uint64(n) <= uint64(i.room) {
		return nil
	}
	input, err := i.call("reserve", uint64(n))
	if err != nil {
		return err
	}
	room, err := i.call("room")
	i.input, i.room = uint32(input), uint32(room)
	return err
}

// output is what a call has written. It is good until the next call.
func (i *wasmInstance) output(n int) []byte {
	output, _ := i.memory.Read(i.input+i.room, uint32(n))
	return output
}

// text calls a function that writes text, and returns it.
func (i *wasmInstance) text(function string) (string, error) {
	n, err := i.call(function)
	if err != nil {
		return "", err
	}
	// To write it, the function may have moved the buffer.
	i.room = 0
	if err := i.reserve(1); err != nil {
		return "", err
	}
	return string(i.output(int(n))), nil
}

// configure calls a function that adds something to what will be built.
func (i *wasmInstance) configure(function string, input []byte, arguments ...uint64) error {
	if err := i.reserve(len(input)); err != nil {
		return refusal(panicked, "")
	}
	i.memory.Write(i.input, input)
	_, err := i.did(i.call(function, arguments...))
	return err
}

// build makes the verifier or the signer.
func (i *wasmInstance) build(function string, arguments ...uint64) error {
	handle, err := i.did(i.call(function, arguments...))
	i.handle = uint64(handle)
	return err
}

// did makes an error of a negative result.
func (i *wasmInstance) did(result uint64, err error) (int, error) {
	if err != nil {
		return 0, refusal(panicked, "")
	}
	n := int(int32(result))
	if n >= 0 {
		return n, nil
	}
	text, err := i.text("error_text")
	if err != nil {
		return 0, refusal(panicked, "")
	}
	return 0, &Error{Code: -n, reason: text}
}

// statusOf is the code of an error in making an instance.
func statusOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return panicked
}

// wasmFacts are what the module says of itself.
var wasmFacts = sync.OnceValues(func() (*facts, error) {
	i, err := newWasmInstance()
	if err != nil {
		return nil, err
	}
	defer i.close()
	version, err := i.text("version")
	if err != nil {
		return nil, err
	}
	table, err := i.text("codes")
	if err != nil {
		return nil, err
	}
	facts := &facts{version, map[int]wasmCode{}}
	for line := range strings.Lines(table) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		code, err := strconv.Atoi(columns[0])
		if err != nil || len(columns) != 3 {
			return nil, errors.New("mjwt: the WebAssembly module is of another version")
		}
		facts.codes[code] = wasmCode{columns[1], columns[2]}
	}
	return facts, nil
})

type facts struct {
	version string
	codes   map[int]wasmCode
}

type wasmCode struct{ name, message string }

// A wasmPool has the instances of one verifier or signer: as many as can run
// at the same time, made when they are needed. Who finds all of them in use
// waits for one.
type wasmPool struct {
	setUp  func(*wasmInstance) error
	wipe   func()
	ready  chan *wasmInstance
	unmade chan struct{}
}

// newWasmPool makes the pool and its first instance, which is in use.
func newWasmPool(setUp func(*wasmInstance) error, wipe func()) (*wasmPool, *wasmInstance, error) {
	size := runtime.GOMAXPROCS(0)
	p := &wasmPool{setUp, wipe, make(chan *wasmInstance, size), make(chan struct{}, size)}
	for range size {
		p.unmade <- struct{}{}
	}
	first, err := p.get()
	if err != nil {
		wipe()
		return nil, nil, err
	}
	return p, first, nil
}

func (p *wasmPool) get() (*wasmInstance, error) {
	select {
	case i := <-p.ready: // One that was used last is better than a new one.
		return i, nil
	default:
	}
	select {
	case i := <-p.ready:
		return i, nil
	case <-p.unmade:
	}
	i, err := newWasmInstance()
	if err == nil {
		if err = p.setUp(i); err == nil {
			return i, nil
		}
		i.close()
	}
	p.unmade <- struct{}{}
	return nil, err
}

// put gives an instance back.
func (p *wasmPool) put(i *wasmInstance) { p.ready <- i }

// drop gives an instance back that cannot be used again.
func (p *wasmPool) drop(i *wasmInstance) {
	i.close()
	p.unmade <- struct{}{}
}

// close ends a pool whose instances are not in use.
func (p *wasmPool) close() {
	for {
		select {
		case i := <-p.ready:
			i.close()
		default:
			p.wipe()
			return
		}
	}
}

// wipedMemory leaves nothing behind, in particular no key: neither where it
// was before it grew, nor at the end.
type wipedMemory struct{ bytes []byte }

func newWipedMemory(_, _ uint64) experimental.LinearMemory { return new(wipedMemory) }

func (m *wipedMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.bytes)) {
		grown := make([]byte, size)
		copy(grown, m.bytes)
		clear(m.bytes)
		m.bytes = grown
	}
	return m.bytes
}

func (m *wipedMemory) Free() { clear(m.bytes) }
