// Starts bootstraps as bare as can be: each with `bash bootstrap` in a network namespace of its own, all at one moment, and
// prints for each the milliseconds from exec until 127.0.0.1:8000 accepts, and until the first byte of an answer.
//
//	bare INTERVAL_MICROSECONDS FOLDER...
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const giveUp = 60 * time.Second

type start struct {
	ListenMs    float64 `json:"listenMs"`
	FirstByteMs float64 `json:"firstByteMs"`
}

func main() {
	interval, err := strconv.Atoi(os.Args[1])
	check(err)
	folders := os.Args[2:]
	starts := make([]start, len(folders))
	var ready, done sync.WaitGroup
	begin := make(chan struct{})
	for index, folder := range folders {
		ready.Add(1)
		done.Add(1)
		go func(index int, folder string) {
			defer done.Done()
			// Never unlocked: the thread, and the namespace with it, ends with the goroutine.
			runtime.LockOSThread()
			check(syscall.Unshare(syscall.CLONE_NEWNET))
			bringUpLoopback()
			ready.Done()
			<-begin
			starts[index] = measure(folder, time.Duration(interval)*time.Microsecond)
		}(index, folder)
	}
	ready.Wait()
	close(begin)
	done.Wait()
	check(json.NewEncoder(os.Stdout).Encode(starts))
}

func measure(folder string, interval time.Duration) start {
	command := exec.Command("bash", "bootstrap")
	command.Dir = folder
	command.Env = append(os.Environ(), "RUNTIME_CODE_ROOT="+folder)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	began := time.Now()
	check(command.Start())
	defer command.Wait()
	defer syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	pause := syscall.NsecToTimespec(interval.Nanoseconds())
	for {
		socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		check(err)
		err = syscall.Connect(socket, &syscall.SockaddrInet4{Port: 8000, Addr: [4]byte{127, 0, 0, 1}})
		if err == nil {
			listening := time.Since(began)
			_, err = syscall.Write(socket, []byte("GET / HTTP/1.1\r\nHost: bench\r\n\r\n"))
			check(err)
			count, err := syscall.Read(socket, make([]byte, 4096))
			check(err)
			if count == 0 {
				check(fmt.Errorf("%s closed the connection without an answer", folder))
			}
			return start{milliseconds(listening), milliseconds(time.Since(began))}
		}
		syscall.Close(socket)
		if time.Since(began) > giveUp {
			check(fmt.Errorf("%s does not listen on 127.0.0.1:8000 after %s", folder, giveUp))
		}
		syscall.Nanosleep(&pause, nil)
	}
}

func bringUpLoopback() {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	check(err)
	defer syscall.Close(socket)
	var request struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "lo")
	request.flags = syscall.IFF_UP | syscall.IFF_RUNNING
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, uintptr(socket), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)))
	if failed != 0 {
		check(failed)
	}
}

func milliseconds(span time.Duration) float64 {
	return float64(span.Microseconds()) / 1000
}

func check(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "bare:", err)
	os.Exit(1)
}
