/** Has a zygote go through what its function's first request will, once: it is then loaded, and partly compiled. */
import { once } from 'node:events';
import { LIMITS } from '../contract/limits.ts';
import { serveFetch } from '../engine/fetch-server.ts';
import { warmImports } from '../engine/import-file.ts';
import { nodeNet } from '../engine/late-builtins.ts';
import { answerRequests } from './answer-request.ts';
import { Background } from './background.ts';

const REQUEST = [
	'GET / HTTP/1.1',
	'Host: 127.0.0.1:8000',
	'X-Forwarded-Proto: http',
	'X-Forwarded-Host: localhost',
	'Connection: close',
	'\r\n',
].join('\r\n');

/** One request to a server of its own, on a port of the kernel's choice. Leaves nothing but what was compiled. */
export async function warmUp(): Promise<void> {
	const complain = (): void => {};
	const background = new Background({ timeoutMs: 0, onChange() {}, complain });
	const handler = async (): Promise<Response> =>
		new Response('', { headers: { 'content-type': 'text/plain' } });
	const fetch = answerRequests({ handler, env: {}, background, complain });
	const server = await serveFetch({ host: LIMITS.functionHost, port: 0, fetch });
	const socket = nodeNet().connect({ host: LIMITS.functionHost, port: server.port });
	socket.resume().end(REQUEST);
	await once(socket, 'close');
	await server.stop();
	await warmImports();
}
