/** Judges two readings of the same bytes, ours and that of Node's parser. */
import type { Reading, Side } from './fuzz-codec.ts';

export type Verdict =
	| { readonly kind: 'agree' }
	/** Ours refused what Node's takes: strict, as intended. */
	| { readonly kind: 'stricter'; readonly reason: string }
	/** Ours takes what Node's refuses, for a reason that is argued in KNOWN_DIFFERENCES. */
	| { readonly kind: 'known'; readonly reason: string }
	| { readonly kind: 'finding'; readonly reason: string };

interface KnownDifference {
	readonly side: Side;
	/** The code of Node's error, 'incomplete' without one, or null where Node's takes a message more. */
	readonly nodeFault: string | null;
	/** Matches the first line of the message that one of them took. */
	readonly line: RegExp;
	/** Matches the whole input. */
	readonly input: RegExp;
	readonly reason: string;
}

const ANY = /^/;
/** Any token but the methods that llhttp knows and the generator makes. */
const UNKNOWN_METHOD = /^(?!(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE) )[!#$%&'*+\-.^_`|~0-9A-Za-z]+ /;

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
	{
		side: 'request',
		nodeFault: 'HPE_INVALID_METHOD',
		line: UNKNOWN_METHOD,
		input: ANY,
		reason:
			'a method unknown to llhttp: methods are an open list (RFC 9110 section 9.1), any token is forwarded',
	},
	{
		side: 'request',
		nodeFault: 'incomplete',
		line: ANY,
		input: /^upgrade[ \t]*:/im,
		reason:
			'what follows a request to upgrade, which Node leaves unread: it is HTTP until a 101 says otherwise (RFC 9110 7.8)',
	},
	{
		side: 'request',
		nodeFault: 'HPE_INVALID_URL',
		line: /^\S+ .*[\x80-\xff]/,
		input: ANY,
		reason:
			'a target with unescaped UTF-8: clients send it, the platform forwards it, and it ends where the space is',
	},
	...(['HPE_CLOSED_CONNECTION', null] as const).map((nodeFault) => ({
		side: 'request' as const,
		nodeFault,
		line: ANY,
		input: /^proxy-connection[ \t]*:/im,
		reason:
			'Proxy-Connection, which no standard defines, and which llhttp takes for Connection (RFC 9112 C.2.2)',
	})),
];

/** `input` is what both read, as Latin-1 text. */
export function compareReadings(
	side: Side,
	input: string,
	ours: Reading,
	nodes: Omit<Reading, 'bytesRead'>,
): Verdict {
	const shared = Math.min(ours.messages.length, nodes.messages.length);
	for (let i = 0; i < shared; i++) {
		const [mine, theirs] = [JSON.stringify(ours.messages[i]), JSON.stringify(nodes.messages[i])];
		if (mine !== theirs) return finding(`message ${i + 1} differs\n  ours   ${mine}\n  Node's ${theirs}`);
	}
	const [mine, theirs] = [ours.messages[shared], nodes.messages[shared]];
	const next = mine ?? theirs;
	if (next === undefined) return { kind: 'agree' };
	if (theirs !== undefined && ours.fault !== null) return { kind: 'stricter', reason: ours.fault };
	const nodeFault = mine === undefined ? null : (nodes.fault ?? 'incomplete');
	const known = KNOWN_DIFFERENCES.find(
		(row) =>
			row.side === side && row.nodeFault === nodeFault && row.line.test(next.line) && row.input.test(input),
	);
	if (known !== undefined) return { kind: 'known', reason: known.reason };
	if (mine === undefined)
		return finding(`ours has no more messages where Node's has ${JSON.stringify(next)}`);
	return finding(`ours takes a message that Node's refuses (${nodeFault}): ${JSON.stringify(next)}`);
}

function finding(reason: string): Verdict {
	return { kind: 'finding', reason };
}
