// A function that looks at the place where it runs, and does there what it is told: one small static program.
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type outcome map[string]any

// Memory that is kept, in parts.
var kept [][]byte

// The same for every request of one instance, and different between instances.
var instance = randomName()

var routes = map[string]func(query func(string) string) (outcome, error){
	"/identity": func(func(string) string) (outcome, error) {
		groups, err := os.Getgroups()
		folder, _ := os.Getwd()
		return outcome{"uid": os.Getuid(), "gid": os.Getgid(), "groups": groups, "pid": os.Getpid(),
			"folder": folder, "codeRoot": os.Getenv("RUNTIME_CODE_ROOT")}, err
	},
	"/read": func(query func(string) string) (outcome, error) {
		text, err := os.ReadFile(query("path"))
		return outcome{"text": string(text)}, err
	},
	"/list": func(query func(string) string) (outcome, error) {
		entries, err := os.ReadDir(query("path"))
		names := []string{}
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
		return outcome{"names": names}, err
	},
	"/write": func(query func(string) string) (outcome, error) { return write(query("path"), number(query("bytes"))) },
	"/space": func(query func(string) string) (outcome, error) {
		var found syscall.Statfs_t
		err := syscall.Statfs(query("path"), &found)
		return outcome{"bytes": found.Blocks * uint64(found.Bsize)}, err
	},
	"/connect": func(query func(string) string) (outcome, error) { return connect(query("to")) },
	"/fetch": func(query func(string) string) (outcome, error) {
		response, err := http.Get(query("url"))
		if err != nil {
			return outcome{}, err
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		return outcome{"text": string(text)}, err
	},
	"/allocate": func(query func(string) string) (outcome, error) {
		for left := number(query("mb")); left > 0; left-- {
			part := make([]byte, 1<<20)
			for at := 0; at < len(part); at += 4096 {
				part[at] = 1
			}
			kept = append(kept, part)
		}
		return outcome{"mb": len(kept)}, nil
	},
	// Starts processes until the kernel refuses one, or there are `most`.
	"/multiply": func(query func(string) string) (outcome, error) {
		for count := 0; count < number(query("most")); count++ {
			if err := exec.Command("sleep", "1000").Start(); err != nil {
				return outcome{"count": count, "refusal": err.Error()}, nil
			}
		}
		return outcome{"count": number(query("most"))}, nil
	},
	// A process that has left the group and the session of the function.
	"/daemon": func(func(string) string) (outcome, error) {
		err := exec.Command("setsid", "--fork", "sleep", "1000").Run()
		return outcome{}, err
	},
	"/processes": func(func(string) string) (outcome, error) {
		entries, err := os.ReadDir("/proc")
		commands := []string{}
		for _, entry := range entries {
			if text, err := os.ReadFile("/proc/" + entry.Name() + "/cmdline"); err == nil && entry.Name()[0] <= '9' {
				commands = append(commands, strings.TrimSpace(strings.ReplaceAll(string(text), "\x00", " ")))
			}
		}
		return outcome{"commands": commands}, err
	},
	// Keeps one processor busy from now on.
	"/spin": func(func(string) string) (outcome, error) {
		go func() {
			for {
			}
		}()
		return outcome{}, nil
	},
	"/sleep": func(query func(string) string) (outcome, error) {
		time.Sleep(time.Duration(number(query("ms"))) * time.Millisecond)
		return outcome{}, nil
	},
	"/exit": func(query func(string) string) (outcome, error) {
		os.Exit(number(query("code")))
		return nil, nil
	},
}

func main() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, err := outcome{}, error(nil)
		if r.URL.Path == "/hold" {
			// Held until the client has sent the rest of its body.
			fmt.Println("a request is held: " + r.URL.Query().Get("n"))
			_, err = io.Copy(io.Discard, r.Body)
		} else if route, known := routes[r.URL.Path]; known {
			found, err = route(r.URL.Query().Get)
		}
		if err != nil {
			found["error"] = err.Error()
		}
		found["instance"] = instance
		found["function"] = os.Getenv("RUNTIME_FUNC_NAME")
		found["greeting"] = os.Getenv("GREETING")
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(found)
	})
	panic(http.ListenAndServe("127.0.0.1:8000", handler))
}

// The line that a server says of itself: which address it was called from.
func connect(to string) (outcome, error) {
	connection, err := net.DialTimeout("tcp", to, 3*time.Second)
	if err != nil {
		return outcome{}, err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(3 * time.Second))
	line, err := bufio.NewReader(connection).ReadString('\n')
	return outcome{"line": strings.TrimSpace(line)}, err
}

func write(path string, bytes int) (outcome, error) {
	file, err := os.Create(path)
	if err != nil {
		return outcome{}, err
	}
	part := make([]byte, 1<<20)
	written := 0
	for written < bytes && err == nil {
		var count int
		count, err = file.Write(part[:min(len(part), bytes-written)])
		written += count
	}
	if failed := file.Close(); err == nil {
		err = failed
	}
	return outcome{"bytes": written}, err
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func number(text string) int {
	value, _ := strconv.Atoi(text)
	return value
}

func randomName() string {
	bytes := make([]byte, 8)
	rand.Read(bytes)
	return hex.EncodeToString(bytes)
}
