// Opens a WebSocket to the running function, and judges what comes back: node test.mjs [URL]
import assert from 'node:assert/strict';
import { once } from 'node:events';
import WebSocket from 'ws';

const socket = new WebSocket((process.argv[2] ?? 'http://127.0.0.1:8080').replace(/^http/, 'ws'));

const [first] = await once(socket, 'message');
assert.ok(JSON.parse(first).headers['x-cff-request-id'], 'the first message has the request id');

for (const message of ['你好, WebSocket', Buffer.from([0, 1, 255])]) {
	socket.send(message);
	const [echoed, isBinary] = await once(socket, 'message');
	assert.deepEqual([echoed, isBinary], [Buffer.from(message), Buffer.isBuffer(message)]);
}

socket.close();
await once(socket, 'close');
console.log('all answers are right');
