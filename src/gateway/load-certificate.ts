/** One certificate and its key, read from files and judged. */
import type { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import type { SecureContext } from 'node:tls';
import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';

/** Absolute paths of PEM files. `cert` may hold the chain below the certificate. */
export interface TlsFiles {
	readonly cert: string;
	readonly key: string;
}

/** The least that a client may speak. */
export type TlsVersion = '1.2' | '1.3';

export interface LoadedCertificate {
	readonly context: SecureContext;
	/** Lower case; `*.` stands for one label. */
	readonly names: readonly string[];
	/** What works, but should not stay so. */
	readonly warnings: readonly string[];
}

const OTHERS_MAY_READ = 0o004;

/** Throws ERR_CONFIG_INVALID, with the file, where something can not be read or does not fit. */
export function loadCertificate(files: TlsFiles, minVersion: TlsVersion, nowMs: number): LoadedCertificate {
	const [cert, key] = [read(files.cert, 'certificate'), read(files.key, 'key')];
	const { createPrivateKey, X509Certificate: Certificate } = process.getBuiltinModule('node:crypto');
	const first = attempt(files.cert, 'a certificate in PEM form', () => new Certificate(cert));
	const secret = attempt(files.key, 'a private key in PEM form without a passphrase', () =>
		createPrivateKey(key),
	);
	if (!first.checkPrivateKey(secret))
		throw unusable(files.key, `the key does not match the certificate ${files.cert}, wanted its own`);
	const { createSecureContext } = process.getBuiltinModule('node:tls');
	const context = attempt(files.cert, 'a certificate chain in PEM form', () =>
		createSecureContext({ cert, key, minVersion: `TLSv${minVersion}` }),
	);
	return { context, names: namesOf(first), warnings: warningsOf(files, first, nowMs) };
}

function read(file: string, what: string): Buffer {
	try {
		return fs.readFileSync(file);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw unusable(file, `${code ?? errorText(error)}, wanted a ${what} that can be read`, error);
	}
}

function attempt<Made>(file: string, wanted: string, make: () => Made): Made {
	try {
		return make();
	} catch (error) {
		throw unusable(file, `${errorText(error)}, wanted ${wanted}`, error);
	}
}

function unusable(file: string, problem: string, cause?: unknown): RuntimeError {
	return new RuntimeError('ERR_CONFIG_INVALID', `Could not use ${file} for TLS: ${problem}`, { cause });
}

function namesOf(certificate: X509Certificate): string[] {
	const alternatives = [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s"]+)/g)];
	const names = alternatives.map(([, name = '']) => name);
	const common = /(?:^|\n)CN=([^\n]+)/.exec(certificate.subject)?.[1];
	if (names.length === 0 && common !== undefined) names.push(common);
	return names.map((name) => name.toLowerCase());
}

function warningsOf(files: TlsFiles, certificate: X509Certificate, nowMs: number): string[] {
	const warnings: string[] = [];
	const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
	if (nowMs > to) warnings.push(`the certificate ${files.cert} expired on ${certificate.validTo}`);
	if (nowMs < from)
		warnings.push(`the certificate ${files.cert} is valid from ${certificate.validFrom} only`);
	if ((fs.statSync(files.key).mode & OTHERS_MAY_READ) !== 0)
		warnings.push(`every user of this machine can read the key ${files.key}; wanted mode 0600`);
	return warnings;
}
