/** A certificate for the proxies of a benchmark: they all get the same kind. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
	readonly cert: string;
	readonly key: string;
	/** Both in one file, as HAProxy wants it. */
	readonly both: string;
}

export function makeCertificate(folder: string): Certificate {
	const [cert, key, both] = ['cert.pem', 'key.pem', 'both.pem'].map((name) => join(folder, name)) as [
		string,
		string,
		string,
	];
	const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	const args = ['req', '-x509', ...kind, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert];
	const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8', timeout: 10_000 });
	if (status !== 0) throw new Error(`openssl ${args.join(' ')} ended with ${status}: ${stderr}`);
	writeFileSync(both, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
	return { cert, key, both };
}
