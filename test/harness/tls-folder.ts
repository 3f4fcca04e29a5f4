/** Certificates in a folder of a test's own. Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes`. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TlsFiles } from '../../src/gateway/load-certificate.ts';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/tls');

/** `a` is for a.test, localhost and 127.0.0.1, `b` for b.test and *.b.test. */
export type CertificateName = 'a' | 'b';

export class TlsFolder implements Disposable {
	readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-tls-'));

	/** A pair of files of its own, which may be changed. */
	pair(name: CertificateName, as: string = name): TlsFiles {
		const files = { cert: path.join(this.path, `${as}.pem`), key: path.join(this.path, `${as}.key`) };
		// Put in place whole, as whoever renews certificates does.
		for (const [file, kind] of [
			[files.cert, 'pem'],
			[files.key, 'key'],
		] as const) {
			fs.copyFileSync(path.join(FIXTURES, `${name}.${kind}`), `${file}.new`);
			fs.chmodSync(`${file}.new`, 0o600);
			fs.renameSync(`${file}.new`, file);
		}
		return files;
	}

	[Symbol.dispose](): void {
		fs.rmSync(this.path, { recursive: true });
	}
}
