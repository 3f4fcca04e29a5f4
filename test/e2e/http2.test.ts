/** The built executable and clients of HTTP/2 that people use: curl, and h2load for many requests at once. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBinary } from '../harness/binary.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { TlsFolder } from '../harness/tls-folder.ts';

/** Answers with as many bytes as came, and says how many, and how it was asked. */
const FUNCTION = {
	bootstrap: 'exec node $RUNTIME_CODE_ROOT/index.mjs\n',
	'index.mjs': `import http from 'node:http';
http.createServer((request, response) => {
	const slices = [];
	request.on('data', (slice) => slices.push(slice));
	request.on('end', () => {
		const body = Buffer.concat(slices);
		response.setHeader('X-Bytes', body.length);
		response.setHeader('X-Asked', request.httpVersion + ' ' + request.headers['x-forwarded-proto']);
		response.end(body);
	});
}).listen(8000, '127.0.0.1');
`,
};
const BODY_BYTES = 6 * 1024 * 1024;
const AT_ONCE = ['--concurrency', '1', '--concurrent-num', '1000'];

const test = suite<{ folder: FunctionFolder; tls: TlsFolder }>('http2');

test.before(async (context) => {
	context.folder = await functionFolder(FUNCTION);
	context.tls = new TlsFolder();
	fs.chmodSync(context.tls.path, 0o755);
});
test.after(async ({ folder, tls }) => {
	await folder[Symbol.asyncDispose]();
	tls[Symbol.dispose]();
});

/** What a program printed. Rejects with what it complained of. */
function printed(program: string, argv: readonly string[]): Promise<string> {
	const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
	const [out, complaints]: [Buffer[], Buffer[]] = [[], []];
	child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
	child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes));
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => {
			if (code === 0) resolve(Buffer.concat(out).toString());
			else reject(new Error(`${program} ended with ${code}: ${Buffer.concat(complaints)}`));
		});
	});
}

test('G-137: curl speaks HTTP/2 to the executable, by ALPN and by prior knowledge, with 6 MiB each way', async ({
	folder,
	tls,
}) => {
	const { cert, key } = tls.pair('a');
	const [sent, found] = [path.join(tls.path, 'sent'), path.join(tls.path, 'found')];
	fs.writeFileSync(sent, Buffer.alloc(BODY_BYTES, 'curl'));
	const show = '%{http_version} %{http_code} %header{x-bytes} %header{x-asked}';
	const common = ['-sS', '-o', found, '-w', show, '--data-binary', `@${sent}`];
	const secure = ['--tls-cert', cert, '--tls-key', key];
	for (const [flags, scheme, how] of [
		[secure, 'https', ['--http2', '--insecure']],
		[[], 'http', ['--http2-prior-knowledge']],
	] as const) {
		const args = ['run', folder.path, ...AT_ONCE, ...flags, '--listen', '127.0.0.1:0'];
		await using running = await startBinary(args);
		const shown = await printed('curl', [...common, ...how, running.url]);
		assert.is(shown, `2 200 ${BODY_BYTES} 1.1 ${scheme}`);
		assert.ok(fs.readFileSync(found).equals(fs.readFileSync(sent)));
	}
});

test('G-138: h2load has all of its requests answered, 200 at once on four connections', async ({
	folder,
	tls,
}) => {
	const { cert, key } = tls.pair('a');
	const secure = ['--tls-cert', cert, '--tls-key', key];
	for (const flags of [secure, []]) {
		const args = ['run', folder.path, ...AT_ONCE, ...flags, '--eager', '--listen', '127.0.0.1:0'];
		await using running = await startBinary(args);
		const report = await printed('h2load', ['-n2000', '-c4', '-m50', running.url]);
		assert.match(report, /Application protocol: h2c?\n/);
		assert.match(report, /2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout/);
		assert.match(report, /status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx/);
	}
});

test.run();
