/** One question to one name server. */

import type { SocketAddress } from '../engine/socket-address.ts';
import { connect } from '../engine/sockets.ts';
import { type DnsQuestion, readAnswer } from './dns-message.ts';

export interface DnsExchange {
	/** Null where the server can not be reached; still pending where it says nothing. Never rejects. */
	readonly answer: Promise<Buffer | null>;
	/** Closes the socket; twice, or after the answer, is harmless. */
	cancel(): void;
}

/** `message` is the question as it is sent, `asked` what it says. */
export type StartExchange = (server: SocketAddress, message: Buffer, asked: DnsQuestion) => DnsExchange;

const LENGTH_BYTES = 2;

/** A socket, and so a port, for each question: whoever would forge an answer has to guess it along with the id. */
export const exchangeByUdp: StartExchange = (server, message, asked) => {
	const { createSocket } = process.getBuiltinModule('node:dgram');
	const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4');
	let open = true;
	const cancel = () => {
		if (!open) return;
		open = false;
		socket.close();
	};
	const answer = new Promise<Buffer | null>((resolve) => {
		const fail = () => {
			cancel();
			resolve(null);
		};
		socket.on('error', fail);
		socket.on('message', (bytes) => {
			if (readAnswer(bytes, asked) === null) return;
			cancel();
			resolve(bytes);
		});
		socket.on('connect', () => {
			if (open) socket.send(message, (error) => error && fail());
		});
		// Connected, it takes nothing from other addresses, and hears that nobody listens.
		socket.connect(server.port, server.address);
	});
	return { answer, cancel };
};

export const exchangeByTcp: StartExchange = (server, message, asked) => {
	let received: Buffer = Buffer.alloc(0);
	const { promise, resolve } = Promise.withResolvers<Buffer | null>();
	const handler = {
		onData(bytes: Buffer) {
			received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
			const answer = withoutLength(received);
			if (answer === null) return;
			resolve(readAnswer(answer, asked) === null ? null : answer);
			connection.destroy();
		},
		onDrain() {},
		onEnd() {
			connection.destroy();
		},
		onClose: () => resolve(null),
	};
	const connection = connect(server.address, server.port, handler, () => {});
	const length = Buffer.alloc(LENGTH_BYTES);
	length.writeUInt16BE(message.length);
	connection.write(Buffer.concat([length, message]));
	return { answer: promise, cancel: () => connection.destroy() };
};

/** Null where it has not come whole. */
function withoutLength(bytes: Buffer): Buffer | null {
	if (bytes.length < LENGTH_BYTES) return null;
	const end = LENGTH_BYTES + bytes.readUInt16BE(0);
	return bytes.length < end ? null : bytes.subarray(LENGTH_BYTES, end);
}
