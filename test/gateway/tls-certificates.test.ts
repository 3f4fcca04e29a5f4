import fs from 'node:fs';
import tls from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { loadCertificate } from '../../src/gateway/load-certificate.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { TlsFolder } from '../harness/tls-folder.ts';

const test = suite<{ folder: TlsFolder }>('certificates');

test.before.each((context) => {
	context.folder = new TlsFolder();
});
test.after.each(({ folder }) => folder[Symbol.dispose]());

/** The common name of the certificate that a client is shown. */
function shown(port: number, servername: string): Promise<string | undefined> {
	return new Promise((resolve, reject) => {
		const socket = tls.connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
			const { CN } = socket.getPeerCertificate().subject;
			resolve(Array.isArray(CN) ? CN[0] : CN);
			socket.destroy();
		});
		socket.once('error', reject);
	});
}

function problemOf(load: () => unknown): string {
	try {
		load();
	} catch (error) {
		assert.ok(error instanceof RuntimeError);
		assert.is(error.code, 'ERR_CONFIG_INVALID');
		return error.message;
	}
	assert.unreachable('it was taken');
	return '';
}

const NOW = Date.UTC(2030, 0);

test('G-89: a file that can not be used is refused by its name', ({ folder }) => {
	const a = folder.pair('a');
	const b = folder.pair('b');
	const broken = `${folder.path}/broken.pem`;
	fs.writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
	const load = (cert: string, key: string) => problemOf(() => loadCertificate({ cert, key }, '1.2', NOW));
	assert.ok(load(`${folder.path}/none.pem`, a.key).includes('none.pem'));
	assert.ok(load(broken, a.key).includes('broken.pem'));
	assert.ok(load(a.cert, broken).includes('broken.pem'));
	assert.ok(load(a.cert, b.key).includes(b.key));
});

test('G-89: what works but should not stay so is told', ({ folder }) => {
	const files = folder.pair('a');
	const warnings = (now: number) => loadCertificate(files, '1.2', now).warnings.length;
	assert.is(warnings(NOW), 0);
	assert.is(warnings(Date.UTC(2200, 0)), 1);
	assert.is(warnings(Date.UTC(2000, 0)), 1);
	fs.chmodSync(files.key, 0o644);
	assert.is(warnings(NOW), 1);
});

test('G-80: the exact name wins over a wildcard, which stands for one label, and that over the first', async ({
	folder,
}) => {
	const certificates = [folder.pair('a'), folder.pair('b')];
	await using bed = await GatewayBed.start({ tls: { certificates, minVersion: '1.2' } });
	await bed.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, true);
	const names = ['b.test', 'B.TEST', 'x.b.test', 'y.x.b.test', 'a.test', 'other.test'];
	const found: unknown[] = [];
	for (const name of names) found.push(await shown(bed.port, name));
	assert.equal(found, ['b.test', 'b.test', 'b.test', 'a.test', 'a.test', 'a.test']);
});

test('G-90: files that change are read again while connections stay open; broken ones are not taken, and the log says so', async ({
	folder,
}) => {
	const certificates = [folder.pair('a', 'served')];
	await using bed = await GatewayBed.start({ tls: { certificates, minVersion: '1.2' } });
	await bed.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, true);
	const open = tls.connect({ port: bed.port, host: '127.0.0.1', rejectUnauthorized: false });
	open.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
	const peer = await bed.function.peer();
	folder.pair('b', 'served');
	bed.gateway.reroute(bed.target);
	assert.is(await shown(bed.port, 'served.test'), 'b.test');
	fs.writeFileSync(`${folder.path}/served.pem`, 'broken');
	bed.gateway.reroute(bed.target);
	assert.is(await shown(bed.port, 'served.test'), 'b.test');
	assert.is(bed.log.records.filter(({ level }) => level === 'error').length, 1);
	const answered = new Promise<string>((resolve) =>
		open.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1'))),
	);
	await peer.head();
	await peer.reply('ok');
	assert.match(await answered, /^HTTP\/1\.1 200 /);
	open.destroy();
});

test('G-91: a client that speaks less than the least version wanted is refused', async ({ folder }) => {
	const tlsSettings = { certificates: [folder.pair('a')], minVersion: '1.3' } as const;
	await using bed = await GatewayBed.start({ tls: tlsSettings });
	await bed.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, true);
	const outcome = await new Promise((resolve) => {
		const options = { port: bed.port, host: '127.0.0.1', rejectUnauthorized: false } as const;
		const socket = tls.connect({ ...options, maxVersion: 'TLSv1.2' }, () => resolve('agreed'));
		socket.once('error', () => resolve('refused'));
		socket.once('close', () => resolve('refused'));
	});
	assert.is(outcome, 'refused');
});

test.run();
