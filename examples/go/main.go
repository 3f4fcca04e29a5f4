package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"strings"
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
	if contentType := r.Header.Get("Content-Type"); contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	io.Copy(w, r.Body)
}

func main() {
	// Not http.ServeMux: it answers a path with "//" or ".." by a redirect.
	log.Fatal(http.ListenAndServe(":8000", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Print(r.Header.Get("X-CFF-Request-Id"), " ", r.Method, " ", r.RequestURI)
		if r.Method == http.MethodPost {
			echo(w, r)
		} else {
			describe(w, r)
		}
	})))
}
