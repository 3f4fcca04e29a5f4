/** Which headers a proxy adds: the proof that the peers do the same work. */
import { request } from 'node:http';
import { writeEchoFolder } from './function-folder.ts';
import { INJECTED_HEADERS } from './injected-headers.ts';
import { startSubject } from './subject.ts';
import { type HeadersResult, type HeadersTask, PROXY_PORT } from './task.ts';

const FORGED = 'forged';
/** The client's own, and those that the echo function itself answers with. */
const OWN_REQUEST_NAMES = new Set(['host', 'connection', 'accept']);
const OWN_RESPONSE_NAMES = new Set([
	'content-type',
	'content-length',
	'transfer-encoding',
	'connection',
	'keep-alive',
	'date',
	'server',
]);

export async function runHeaders(task: HeadersTask): Promise<HeadersResult> {
	const subject = await startSubject(task.peer, writeEchoFolder);
	try {
		const { seen, answered } = await exchange();
		const names = Object.keys(seen).filter((name) => !OWN_REQUEST_NAMES.has(name));
		return {
			requestNames: names.sort(),
			responseNames: Object.keys(answered)
				.filter((name) => !OWN_RESPONSE_NAMES.has(name))
				.sort(),
			forgedNames: names.filter((name) => String(seen[name]).includes(FORGED)),
		};
	} finally {
		await subject.stop();
	}
}

function exchange(): Promise<{ seen: NodeJS.Dict<unknown>; answered: NodeJS.Dict<unknown> }> {
	const headers: Record<string, string> = { accept: '*/*' };
	for (const { name } of INJECTED_HEADERS) if (name.startsWith('X-CFF-')) headers[name] = FORGED;
	return new Promise((resolve, reject) => {
		const outgoing = request({ host: '127.0.0.1', port: PROXY_PORT, headers, agent: false }, (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (part: string) => {
				text += part;
			});
			response.once('error', reject);
			response.once('end', () => {
				if (response.statusCode === 200) resolve({ seen: JSON.parse(text), answered: response.headers });
				else reject(new Error(`the echo function answered ${response.statusCode}: ${text}`));
			});
		});
		outgoing.once('error', reject);
		outgoing.end();
	});
}
