/**
 * What an authorizer answered: `{"status":"allow"|"deny","context":{…}}` (documented), as the body of an HTTP function, or inside
 * the envelope that an event function writes by hand.
 *
 * Its context goes to the function as one field a name, `X-Apig-Authorizer-<name>`: X-Apig fields of clients never reach a
 * function, so nobody else can write them (ours; the platform maps names of the context to fields of one's choice).
 */
import { Buffer } from 'node:buffer';
import { badFieldCharacter, wireFromText } from '../../contract/header-text.ts';
import { isObject } from '../../contract/kind-of.ts';

/** Of the body (documented: 1 MB). */
const ANSWER_CHARS_MAX = 1_048_576;
/** Of all lines together (ours): they are kept for as long as the answer counts. */
const LINES_CHARS_MAX = 4096;
/** Documented: 1 to 32 letters, digits, `_` and `-`, a letter first. */
const CONTEXT_NAME = /^[A-Za-z][\w-]{0,31}$/;

export type AuthorizerAnswer =
	| { readonly kind: 'allow' /** Header lines for the function, each with CRLF. */; readonly lines: string }
	| { readonly kind: 'deny' }
	| { readonly kind: 'unusable'; readonly found: string };

/** `status` and `body` are of the HTTP function. Only 200 lets anybody in. */
export function authorizerAnswer(status: number, body: string): AuthorizerAnswer {
	if (body.length > ANSWER_CHARS_MAX) return unusable(`an answer of ${body.length} characters`);
	const outer = parsed(body);
	if (outer !== null && 'statusCode' in outer && !('status' in outer)) {
		if (typeof outer.statusCode !== 'number' || typeof outer.body !== 'string') {
			return unusable('an envelope without statusCode or body');
		}
		const encoded = outer.isBase64Encoded === true;
		const inner = encoded ? Buffer.from(outer.body, 'base64').toString('utf8') : outer.body;
		return judged(status === 200 ? outer.statusCode : status, parsed(inner));
	}
	return judged(status, outer);
}

function judged(status: number, answer: Record<string, unknown> | null): AuthorizerAnswer {
	if (status >= 500) return unusable(`status ${status}`);
	if (answer?.status === 'deny') return { kind: 'deny' };
	if (answer?.status !== 'allow') return unusable(`status ${status}, and no allow or deny`);
	if (status !== 200) return unusable(`allow with status ${status}`);
	return allowed(answer.context);
}

function allowed(context: unknown): AuthorizerAnswer {
	if (context === undefined || context === null) return { kind: 'allow', lines: '' };
	if (!isObject(context)) return unusable('a context that is no object');
	const names = new Set<string>();
	let lines = '';
	for (const [name, value] of Object.entries(context)) {
		if (!CONTEXT_NAME.test(name))
			return unusable('a name in the context that is no 1 to 32 letters, digits, _ and -');
		const foldedName = name.toLowerCase().replaceAll('_', '-');
		if (names.has(foldedName)) return unusable(`${name} twice in the context`);
		names.add(foldedName);
		const wire = wireText(value);
		if (wire === null)
			return unusable(`${name} in the context, which is no text, number or boolean of one line`);
		lines += `X-Apig-Authorizer-${name}: ${wire}\r\n`;
	}
	if (lines.length > LINES_CHARS_MAX) return unusable(`a context of ${lines.length} bytes`);
	return { kind: 'allow', lines };
}

function wireText(value: unknown): string | null {
	if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
	const wire = wireFromText(String(value));
	return badFieldCharacter(wire) === -1 && wire === wire.trim() ? wire : null;
}

function parsed(text: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : null;
	} catch {
		return null;
	}
}

function unusable(found: string): AuthorizerAnswer {
	return { kind: 'unusable', found };
}
