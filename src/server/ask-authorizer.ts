/** Calls the function behind a custom authorizer, and reads its answer as the platform's gateway does. */
import { Buffer } from 'node:buffer';
import type { Catalog } from '../catalog/catalog.ts';
import { decodeEnvelope } from '../contract/decode-envelope.ts';
import { RuntimeError } from '../contract/errors.ts';
import { parseFunctionUrn } from '../contract/function-urn.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { Invoker } from '../control/invoker.ts';
import type { InvokeAuthorizer } from '../gateway/auth/authorizer-guard.ts';

/** An answer says yes or no, with a few values: nobody has to hold more of it. */
const ENVELOPE_BYTES_MAX = 256 * 1024;

export interface AuthorizerOptions {
	readonly catalog: Pick<Catalog, 'functions'>;
	readonly invoker: Pick<Invoker, 'invoke'>;
	/** What the URN of an authorizer's function leaves out. */
	readonly region: string;
}

/** What is answered rejects with a RuntimeError: ERR_FUNCTION_NOT_FOUND, ERR_ENVELOPE_INVALID, and as an invocation does. */
export function askAuthorizer({ catalog, invoker, region }: AuthorizerOptions): InvokeAuthorizer {
	return async (functionUrn, event) => {
		const urn = parseFunctionUrn(functionUrn, { region, project: '' });
		const record = urn === null ? null : catalog.functions.find(urn);
		if (urn === null || record === null) {
			throw new RuntimeError('ERR_FUNCTION_NOT_FOUND', `no function is called ${functionUrn}`);
		}
		const bytes = Buffer.from(event, 'utf8');
		const envelope = new Envelope();
		await invoker.invoke(record, urn.qualifier, {
			requestId: newRequestId(),
			async *readEvent(from = 0, to = bytes.length) {
				yield bytes.subarray(from, to);
			},
			writeEnvelope: (piece) => envelope.add(piece),
			signal: new AbortController().signal,
		});
		return envelope.answer();
	};
}

class Envelope {
	readonly #pieces: Buffer[] = [];
	#bytes = 0;

	async add(piece: Uint8Array): Promise<void> {
		this.#bytes += piece.length;
		if (this.#bytes > ENVELOPE_BYTES_MAX) throw tooLarge();
		// The piece is given back when this returns.
		this.#pieces.push(Buffer.from(piece));
	}

	answer(): { readonly status: number; readonly body: string } {
		const { body = '', ...rest } = JSON.parse(Buffer.concat(this.#pieces).toString('utf8')) as {
			body?: string;
		};
		const { statusCode, bodyIsBase64 } = decodeEnvelope(rest);
		return { status: statusCode, body: bodyIsBase64 ? Buffer.from(body, 'base64').toString('utf8') : body };
	}
}

function tooLarge(): RuntimeError {
	return new RuntimeError(
		'ERR_ENVELOPE_INVALID',
		`an authorizer answered more than ${ENVELOPE_BYTES_MAX} bytes`,
	);
}
