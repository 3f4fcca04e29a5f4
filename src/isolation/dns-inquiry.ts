/**
 * One question to the name servers of the host, until one of them has an answer.
 *
 *     the first ──no answer for a while──▶ the next, and the first may still answer ──▶ … ──▶ the first again
 *               ──can not be reached, or answers that it can not tell──▶ the next at once
 */
import { nodeCrypto } from '../contract/node-crypto.ts';
import type { SocketAddress } from '../engine/socket-address.ts';
import type { DnsExchange, StartExchange } from './dns-exchange.ts';
import { DNS_CODE, type DnsQuestion, readAnswer, withId } from './dns-message.ts';

export interface DnsPatience {
	/** For one server, until the next one is asked too. */
	readonly retryMs: number;
	/** For an answer of any. */
	readonly timeoutMs: number;
}

/** Questions in all, a lone server's repeated ones included: a datagram may get lost. */
const EXCHANGES_MAX = 3;
const IDS = 0x1_0000;
/** What another server may know better, as the C library sees it. */
const UNTOLD: readonly number[] = [DNS_CODE.serverFailure, DNS_CODE.notImplemented, DNS_CODE.refused];

/** Resolves to the answer with its id as the server sent it; null where none came. Never rejects. `servers`: at least one. */
export function inquire(
	query: Buffer,
	question: DnsQuestion,
	servers: readonly SocketAddress[],
	start: StartExchange,
	{ retryMs, timeoutMs }: DnsPatience,
): Promise<Buffer | null> {
	const { promise, resolve } = Promise.withResolvers<Buffer | null>();
	const open = new Set<DnsExchange>();
	let started = 0;
	let second: Buffer | null = null;
	let retry: NodeJS.Timeout | undefined;
	const finish = (answer: Buffer | null): void => {
		clearTimeout(retry);
		clearTimeout(expiry);
		for (const exchange of open) exchange.cancel();
		open.clear();
		resolve(answer);
	};
	const ask = (): void => {
		const server = servers[started % servers.length];
		if (server === undefined || started === EXCHANGES_MAX) return;
		started += 1;
		clearTimeout(retry);
		retry = setTimeout(ask, retryMs);
		const id = nodeCrypto().randomInt(IDS);
		const asked = { ...question, id };
		const exchange = start(server, withId(query, id), asked);
		open.add(exchange);
		void exchange.answer.then((answer) => {
			if (!open.delete(exchange)) return;
			const code = answer === null ? null : readAnswer(answer, asked)?.code;
			if (answer !== null && !UNTOLD.includes(code ?? DNS_CODE.noError)) return finish(answer);
			second ??= answer;
			if (started < servers.length) ask();
			else if (open.size === 0) finish(second);
		});
	};
	const expiry = setTimeout(() => finish(second), timeoutMs);
	ask();
	return promise;
}
