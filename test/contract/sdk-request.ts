/** Requests signed by the platform's own client library, as they stand on the wire afterwards. */
import { createHash } from 'node:crypto';
import { stringify } from 'node:querystring';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import fc from 'fast-check';
import { headerOf, isSignatureOf, parseSdkAuthorization } from '../../src/contract/sdk-signature.ts';

export interface SdkCall {
	readonly method: string;
	readonly path: string;
	readonly query: Readonly<Record<string, string | string[]>>;
	/** More headers than the library adds. */
	readonly headers: Readonly<Record<string, string>>;
	/** Undefined: no body. */
	readonly data: object | undefined;
}

export interface WireRequest {
	readonly method: string;
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export const KEY = { accessKey: 'HFEXAMPLEACCESSKEY00', secretKey: 'an-example-of-a-secret-key' };

/** `20260102T030405Z` and its milliseconds. */
export const DATE = { text: '20260102T030405Z', ms: Date.UTC(2026, 0, 2, 3, 4, 5) };

export function signedBySdk(call: SdkCall, key = KEY, date = DATE.text): WireRequest {
	const { method, path, query, data } = call;
	const headers = AKSKSigner.sign(
		{
			endpoint: `http://127.0.0.1:9080${path}`,
			method,
			queryParams: structuredClone(query),
			headers: { 'content-type': 'application/json', ...call.headers, 'X-Sdk-Date': date },
			data,
		},
		credential(key),
	);
	const search = stringify(query);
	const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
	return {
		method,
		url: search === '' ? path : `${path}?${search}`,
		headers: Object.fromEntries(lower),
		body: data === undefined ? '' : JSON.stringify(data),
	};
}

function credential({ accessKey, secretKey }: typeof KEY) {
	return {
		getAk: () => accessKey,
		getSk: () => secretKey,
		processAuthParams: () => Promise.reject(new Error('not used')),
		processAuthRequest: () => Promise.reject(new Error('not used')),
	};
}

export function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** As a server judges it that knows one access key. */
export function isSigned({ body, ...head }: WireRequest, { accessKey, secretKey } = KEY): boolean {
	const authorization = parseSdkAuthorization(headerOf(head, 'authorization') ?? '');
	if (authorization?.accessKey !== accessKey) return false;
	return isSignatureOf(authorization, head, sha256(body), secretKey);
}

/** No segment that leads up or nowhere: those are no path of the API. */
const word = fc.stringMatching(/^[A-Za-z0-9._~:!$()*,;=@-]{1,24}$/).filter((part) => !/^\.+$/.test(part));
const text = fc.string({ unit: 'grapheme', maxLength: 20 });

export const sdkCalls: fc.Arbitrary<SdkCall> = fc.record({
	method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
	path: fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => `/v2/${words.join('/')}`),
	query: fc.dictionary(
		fc.stringMatching(/^[a-z][a-z_ä&=+ %.-]{0,8}$/),
		fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
		{ maxKeys: 4, noNullPrototype: true },
	),
	headers: fc.dictionary(
		fc.stringMatching(/^X-[A-Z][a-z]{1,8}(-[A-Z][a-z]{1,5})?$/),
		fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/),
		{ maxKeys: 3, noNullPrototype: true },
	),
	data: fc.option(fc.dictionary(fc.stringMatching(/^[a-z_]{1,10}$/), fc.jsonValue(), { maxKeys: 3 }), {
		nil: undefined,
	}),
});
