/** How clients reach the built executable: TLS, Unix sockets, sockets that a service manager hands over. */
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary, startBinary } from '../harness/binary.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { TlsFolder } from '../harness/tls-folder.ts';

/** Answers with the request's fields, and with the sockets that its start file found open. */
const FUNCTION = {
	bootstrap: `#!/bin/sh
for fd in /proc/$$/fd/*; do case $(readlink "$fd") in socket:*) FOUND="$FOUND \${fd##*/}";; esac; done
export FOUND
exec node $RUNTIME_CODE_ROOT/index.mjs
`,
	'index.mjs': `import http from 'node:http';
http.createServer((request, response) => {
	response.end(JSON.stringify({ fields: request.headers, sockets: process.env.FOUND ?? '' }));
}).listen(8000, '127.0.0.1');
`,
};

interface Seen {
	readonly fields: Readonly<Record<string, string>>;
	readonly sockets: string;
}

const test = suite<{ folder: FunctionFolder; tls: TlsFolder }>('listeners');

test.before(async (context) => {
	context.folder = await functionFolder(FUNCTION);
	context.tls = new TlsFolder();
	const { path } = context.tls;
	fs.chmodSync(path, 0o755);
});
test.after(async ({ folder, tls }) => {
	await folder[Symbol.asyncDispose]();
	tls[Symbol.dispose]();
});

function see(options: http.RequestOptions | https.RequestOptions): Promise<Seen> {
	const request = 'ca' in options ? https.get(options) : http.get(options);
	return new Promise((resolve, reject) => {
		request.once('error', reject);
		request.once('response', (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (part: string) => {
				text += part;
			});
			response.on('end', () => resolve(JSON.parse(text) as Seen));
		});
	});
}

test('E-160: with a certificate clients speak HTTPS, and the function is told so', async ({
	folder,
	tls,
}) => {
	const { cert, key } = tls.pair('a');
	const flags = ['--tls-cert', cert, '--tls-key', key, '--listen', '127.0.0.1:0'];
	await using running = await startBinary(['run', folder.path, ...flags]);
	assert.match(running.url, /^https:\/\/127\.0\.0\.1:\d+$/);
	const { hostname: host, port } = new URL(running.url);
	const seen = await see({ host, port, ca: fs.readFileSync(cert), servername: 'a.test' });
	assert.is(seen.fields['x-forwarded-proto'], 'https');
	assert.is(seen.fields['x-forwarded-port'], port);
});

test('E-161: one gateway listens on several places at once, with and without TLS, and leaves no socket behind', async ({
	folder,
	tls,
}) => {
	const { cert, key } = tls.pair('a');
	const file = `${tls.path}/gateway.sock`;
	const listen = `127.0.0.1:0,http://127.0.0.1:0,unix:${file}`;
	const flags = ['--tls-cert', cert, '--tls-key', key, '--listen', listen];
	await using running = await startBinary(['run', folder.path, ...flags]);
	await running.line('unix:');
	const [secure = '', plain = '', unix] = running.lines;
	assert.is(unix, `unix:${file}`);
	const { port } = new URL(secure);
	const ca = fs.readFileSync(cert);
	const protocols: unknown[] = [];
	for (const options of [
		{ host: '127.0.0.1', port, ca, servername: 'a.test' },
		{ host: '127.0.0.1', port: new URL(plain).port },
		{ socketPath: file },
	])
		protocols.push((await see(options)).fields['x-forwarded-proto']);
	assert.equal(protocols, ['https', 'http', 'http']);
	assert.is((await see({ socketPath: file })).fields['x-real-ip'], '127.0.0.1');
	await running.stop();
	assert.is(fs.existsSync(file), false);
});

test('E-162: it serves on a socket that a service manager hands over, which no function inherits', async ({
	folder,
}) => {
	const activated = ['sh', '-c', 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', 'sh'];
	for (const isolation of ['auto', 'direct']) {
		const server = net.createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as net.AddressInfo;
		const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
		const argv = ['run', folder.path, '--listen', 'systemd', '--isolation', isolation];
		const starting = startBinary(argv, { prefix: activated, descriptors: [fd] });
		// Handed over: from now on nobody else accepts on it.
		server.close();
		await using running = await starting;
		assert.is(running.url, `http://127.0.0.1:${port}`);
		const seen = await see({ host: '127.0.0.1', port });
		assert.is(seen.fields['x-forwarded-port'], String(port));
		assert.is(seen.sockets, '');
	}
});

test('E-163: what can not be listened on, and half a certificate, is refused with its code', async ({
	folder,
	tls,
}) => {
	const { cert } = tls.pair('a');
	const taken = `${tls.path}/taken.sock`;
	fs.writeFileSync(taken, '');
	const codes: unknown[] = [];
	for (const flags of [
		['--listen', `unix:${taken}`],
		['--listen', 'fd:77'],
		['--listen', 'systemd'],
		['--listen', 'https://127.0.0.1:0'],
		['--tls-cert', cert],
		['--tls-cert', cert, '--tls-key', cert],
	]) {
		const { code, stderr } = await runBinary(['run', folder.path, ...flags]);
		codes.push(`${code} ${/ERR_[A-Z_]+/.exec(stderr)?.[0]}`);
	}
	assert.equal(codes, [
		'1 ERR_LISTEN_FAILED',
		'1 ERR_LISTEN_FAILED',
		'2 ERR_CONFIG_INVALID',
		'2 ERR_CONFIG_INVALID',
		'2 ERR_CONFIG_INVALID',
		'2 ERR_CONFIG_INVALID',
	]);
});

test.run();
