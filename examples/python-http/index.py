import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        answer = {
            'message': 'Hello from Python',
            'method': self.command,
            'target': self.path,
            'headers': {name: value for name, value in self.headers.items() if name.lower().startswith('x-')},
        }
        body = json.dumps(answer, indent=2, ensure_ascii=False).encode()
        self.answer('application/json; charset=utf-8', body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        self.answer(self.headers.get('Content-Type', 'application/octet-stream'), body)

    def answer(self, content_type, body):
        self.send_response(200)
        self.send_header('Content-Type', content_type)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        print(self.headers.get('X-CFF-Request-Id'), format % args)


ThreadingHTTPServer(('127.0.0.1', 8000), Handler).serve_forever()
