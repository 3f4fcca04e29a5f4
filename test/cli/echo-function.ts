import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';

const APP = `
import http from 'node:http';
http.createServer((request, response) => {
	console.log('got ' + request.method + ' ' + request.url);
	if (request.url === '/hold') return;
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk));
	request.on('end', () => {
		const body = Buffer.concat(chunks).toString('utf8');
		const { method, url, headers } = request;
		response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] });
		response.end(JSON.stringify({ method, url, headers, body, greeting: process.env.GREETING }));
	});
}).listen(8000, '127.0.0.1');
`;

/** A function that answers with the request it got, and never answers /hold. */
export function echoFunction(more: Readonly<Record<string, string>> = {}): Promise<FunctionFolder> {
	return functionFolder({ bootstrap: 'node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP, ...more });
}
