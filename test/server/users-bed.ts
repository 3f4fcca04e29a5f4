/** A state folder of its own, and a server's side of it. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Catalog } from '../../src/catalog/catalog.ts';
import { Sealer } from '../../src/catalog/sealer.ts';
import { sdkDate } from '../../src/contract/sdk-signature.ts';
import { Authenticator } from '../../src/control/auth/authenticator.ts';
import { type SdkCall, sha256, signedBySdk, type WireRequest } from '../contract/sdk-request.ts';
import { thrown } from '../contract/thrown-code.ts';

const READ: SdkCall = { method: 'GET', path: '/v2/p/fgs/functions', query: {}, headers: {}, data: undefined };

export class StateFolder implements AsyncDisposable {
	readonly path = mkdtempSync(path.join(os.tmpdir(), 'httpfn-users-'));

	async [Symbol.asyncDispose](): Promise<void> {
		await rm(this.path, { recursive: true, force: true });
	}
}

export class JudgingServer implements Disposable {
	readonly #catalog: Catalog;
	readonly #authenticator: Authenticator;

	constructor(folder: string) {
		this.#catalog = Catalog.open(folder);
		const sealer = Sealer.open(folder);
		this.#authenticator = new Authenticator({ users: this.#catalog.users, sealer, open: true });
	}

	/** Who it is and what that user may do, or the code of the refusal. */
	judge({ body, ...head }: WireRequest): string {
		let who = '';
		const error = thrown(() => {
			const { name, rights } = this.#authenticator.begin(head).finish(sha256(body));
			who = [name, ...rights].join(' ');
		});
		return error?.code ?? who;
	}

	[Symbol.dispose](): void {
		this.#catalog.close();
	}
}

export function signedNow(key: { readonly accessKey: string; readonly secretKey: string }): WireRequest {
	return signedBySdk(READ, key, sdkDate(Date.now()));
}

export function carrying(token: string): WireRequest {
	return { method: 'GET', url: READ.path, headers: { 'x-auth-token': token }, body: '' };
}
