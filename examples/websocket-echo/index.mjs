import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const server = createServer((request, response) => {
	response.setHeader('Content-Type', 'application/json; charset=utf-8');
	response.end(`${JSON.stringify({ message: 'Open a WebSocket here', headers: contractHeaders(request) }, null, 2)}\n`);
});

// One connection is one request: it has one request id, and the function's timeout ends it.
new WebSocketServer({ server }).on('connection', (socket, request) => {
	socket.send(JSON.stringify({ headers: contractHeaders(request) }));
	socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }));
});

function contractHeaders(request) {
	return Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('x-')));
}

server.listen(8000, '127.0.0.1');
