/** One request on a connection of its own, whatever certificate the server has. */
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { Protocol } from './task.ts';

export interface Asked {
	readonly status: number | undefined;
	/** Of the answer's fields, in lower case. */
	readonly names: readonly string[];
	readonly bytes: number;
}

export function askOnce(url: string, protocol: Protocol): Promise<Asked> {
	return protocol === 'h2' ? askH2(url) : askHttp(url);
}

function askHttp(url: string): Promise<Asked> {
	return new Promise((resolve, reject) => {
		const onResponse = (response: http.IncomingMessage): void => {
			let bytes = 0;
			response.on('data', (part: Buffer) => {
				bytes += part.length;
			});
			response.once('error', reject);
			const { statusCode: status, headers } = response;
			response.once('end', () => resolve({ status, names: Object.keys(headers), bytes }));
		};
		const request = url.startsWith('https:')
			? https.get(url, { agent: false, rejectUnauthorized: false }, onResponse)
			: http.get(url, { agent: false }, onResponse);
		request.once('error', reject);
	});
}

function askH2(url: string): Promise<Asked> {
	const { origin, pathname } = new URL(url);
	const session = http2.connect(origin, { rejectUnauthorized: false });
	return new Promise<Asked>((resolve, reject) => {
		session.once('error', reject);
		const stream = session.request({ ':path': pathname });
		let [status, bytes]: [number | undefined, number] = [undefined, 0];
		let names: readonly string[] = [];
		stream.once('response', (headers) => {
			status = headers[':status'];
			names = Object.keys(headers);
		});
		stream.on('data', (part: Buffer) => {
			bytes += part.length;
		});
		stream.once('error', reject);
		stream.once('end', () => resolve({ status, names, bytes }));
	}).finally(() => session.close());
}
