package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func describe(w http.ResponseWriter, r *http.Request) {
	headers := map[string]string{}
	for name, values := range r.Header {
		if strings.HasPrefix(name, "X-") {
			headers[name] = strings.Join(values, ", ")
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(map[string]any{
		"message": "Hello from Go",
		"method":  r.Method,
		"target":  r.RequestURI,
		"headers": headers,
	})
}

func echo(w http.ResponseWriter, r *http.Request) {
	// The whole body first: Go's server drops what is left of it once the answer begins.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if contentType := r.Header.Get("Content-Type"); contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	w.Write(body)
}

func main() {
	// Not http.ServeMux: it answers a path with "//" or ".." by a redirect.
	server := http.Server{Addr: ":8000", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Print(r.Header.Get("X-CFF-Request-Id"), " ", r.Method, " ", r.RequestURI)
		if r.Method == http.MethodPost {
			echo(w, r)
		} else {
			describe(w, r)
		}
	})}

	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTERM)
	drained := make(chan struct{})
	go func() {
		<-stopped
		server.Shutdown(context.Background())
		close(drained)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-drained
}
