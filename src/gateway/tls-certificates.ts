/** The certificates of a gateway: which one a client gets, and their exchange while connections stay open. */
import fs from 'node:fs';
import type { SecureContext } from 'node:tls';
import { assert } from '../base/assert.ts';
import { errorText } from '../base/error-text.ts';
import type { TlsSetup } from '../engine/tls-acceptor.ts';
import type { Log } from '../telemetry/log.ts';
import { loadCertificate, type TlsFiles, type TlsVersion } from './load-certificate.ts';
import { sourceAddress } from './source-address.ts';

export interface TlsSettings {
	/** At least one. The first is for clients that name no server, or one that no certificate is for. */
	readonly certificates: readonly TlsFiles[];
	readonly minVersion: TlsVersion;
}

/** How often files are looked at. */
const LOOK_MS = 5000;

interface Loaded {
	readonly first: SecureContext;
	readonly byName: ReadonlyMap<string, SecureContext>;
}

export class TlsCertificates implements TlsSetup {
	readonly byName: boolean;
	readonly #settings: TlsSettings;
	readonly #log: Log;
	readonly #timer: NodeJS.Timeout;
	/** What the files looked like when they were read last, well or not. */
	#seen: string;
	#loaded: Loaded;

	/** Throws ERR_CONFIG_INVALID where a file can not be used. */
	constructor(settings: TlsSettings, log: Log) {
		this.#settings = settings;
		this.#log = log;
		this.byName = settings.certificates.length > 1;
		this.#seen = this.#look();
		this.#loaded = this.#load();
		this.#timer = setInterval(() => this.refresh(), LOOK_MS);
		this.#timer.unref();
	}

	/** The exact name, then a wildcard for its first label (RFC 6125 section 6.4.3), then the first of all. */
	contextFor(serverName: string | null): SecureContext {
		const { first, byName } = this.#loaded;
		if (serverName === null) return first;
		const dot = serverName.indexOf('.');
		const wildcard = dot === -1 ? undefined : byName.get(`*${serverName.slice(dot)}`);
		return byName.get(serverName) ?? wildcard ?? first;
	}

	/** Anybody can make a handshake fail, as often as they like. */
	refused(remoteAddress: string, problem: string): void {
		this.#log.write('debug', 'a TLS handshake failed', { client: sourceAddress(remoteAddress), problem });
	}

	/** Reads what changed. Where the new files can not be used, the certificates stay as they are and the log says why. */
	refresh(): void {
		const seen = this.#look();
		if (seen === this.#seen) return;
		this.#seen = seen;
		try {
			this.#loaded = this.#load();
			this.#log.write('info', 'certificates were read again', { names: [...this.#loaded.byName.keys()] });
		} catch (error) {
			this.#log.write('error', 'the certificates stay as they were', { problem: errorText(error) });
		}
	}

	close(): void {
		clearInterval(this.#timer);
	}

	#load(): Loaded {
		const { certificates, minVersion } = this.#settings;
		const loaded = certificates.map((files) => loadCertificate(files, minVersion, Date.now()));
		const byName = new Map<string, SecureContext>();
		for (const { context, names, warnings } of loaded) {
			for (const name of names) if (!byName.has(name)) byName.set(name, context);
			for (const warning of warnings) this.#log.write('warn', warning);
		}
		const first = loaded[0]?.context;
		assert(first !== undefined, 'TLS settings have a certificate');
		return { first, byName };
	}

	#look(): string {
		const files = this.#settings.certificates.flatMap(({ cert, key }) => [cert, key]);
		return files.map(fingerprint).join('\n');
	}
}

function fingerprint(file: string): string {
	const { ino = 0, size = 0, mtimeMs = 0 } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
	return `${ino} ${size} ${mtimeMs}`;
}
