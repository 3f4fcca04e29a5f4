/** Apps that called lately, so that a call costs no look into the catalog. Nothing outlives a change of it. */
import { nodeCrypto } from '../../contract/node-crypto.ts';
import type { App, AppDirectory } from './app-directory.ts';

/** Of each kind; who guesses keys or codes fills nothing. */
const KEPT_MAX = 4096;

export class KnownApps implements AppDirectory {
	readonly #apps: AppDirectory;
	readonly #generation: () => number;
	readonly #byKey = new Map<string, App>();
	/** By the code's SHA-256: how long a look-up takes says nothing of how much of a wrong code is right. */
	readonly #byCode = new Map<string, App>();
	/** By app and API. */
	readonly #allowed = new Map<string, boolean>();
	#known = -1;

	/** `generation` is another number after every change of what `apps` would say. */
	constructor(apps: AppDirectory, generation: () => number) {
		this.#apps = apps;
		this.#generation = generation;
	}

	byKey(key: string): App | null {
		this.#forgetChanged();
		const known = this.#byKey.get(key);
		if (known !== undefined) return known;
		return kept(this.#byKey, key, withSecret(this.#apps.byKey(key)));
	}

	byCode(code: string): App | null {
		this.#forgetChanged();
		const hash = nodeCrypto().hash('sha256', code, 'base64url');
		const known = this.#byCode.get(hash);
		if (known !== undefined) return known;
		return kept(this.#byCode, hash, withSecret(this.#apps.byCode(code)));
	}

	mayCall(appId: string, apiId: string): boolean {
		this.#forgetChanged();
		const pair = `${appId} ${apiId}`;
		return this.#allowed.get(pair) ?? kept(this.#allowed, pair, this.#apps.mayCall(appId, apiId)) ?? false;
	}

	#forgetChanged(): void {
		const generation = this.#generation();
		if (generation === this.#known) return;
		this.#known = generation;
		this.#byKey.clear();
		this.#byCode.clear();
		this.#allowed.clear();
	}
}

/** Decrypting a secret takes as long as checking a signature does. */
function withSecret(app: App | null): App | null {
	if (app === null) return null;
	const { id, name, key, frozen } = app;
	let secret: string | null = null;
	return {
		id,
		name,
		key,
		frozen,
		secret: () => {
			secret ??= app.secret();
			return secret;
		},
	};
}

function kept<Value>(known: Map<string, Value>, key: string, value: Value | null): Value | null {
	if (value === null) return null;
	known.set(key, value);
	for (const oldest of known.keys()) {
		if (known.size <= KEPT_MAX) break;
		known.delete(oldest);
	}
	return value;
}
