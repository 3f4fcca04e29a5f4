/**
 * Where one instance may connect to. Decides only: it opens nothing and looks nothing up. Names lead to addresses through the
 * answers that the instance itself was given (`learn`), so that the address it connects to is one that the name had.
 */

import { type AddressBlock, contains, knownBlock, parseBlock } from '../base/address-block.ts';
import { once } from '../base/once.ts';
import type { EgressSettings } from '../contract/sandbox-settings.ts';
import { type EgressRule, parseEgressRule } from './egress-rule.ts';
import { HOST_ADDRESS, HOST_NAME } from './host-name.ts';

export type Verdict =
	| {
			readonly allowed: true;
			/** `routed`: as the host routes it; `public`: from the source for public destinations; `loopback`: the host's 127.0.0.1. */
			readonly host: 'routed' | 'public' | 'loopback';
	  }
	| { readonly allowed: false; readonly reason: Refused };

type Refused =
	| 'mode-none'
	| 'not-listed'
	| 'metadata'
	| 'loopback'
	| 'link-local'
	| 'multicast'
	| 'public-network'
	| 'unspecified';

/** Refused in every mode, unless a rule names them. */
const guards = once((): readonly (readonly [Refused, readonly AddressBlock[]])[] => [
	[
		'metadata',
		['169.254.0.0/16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'].map(knownBlock),
	],
	['loopback', ['127.0.0.0/8', '::1'].map(knownBlock)],
	['link-local', ['fe80::/10'].map(knownBlock)],
	['unspecified', ['0.0.0.0/8', '::'].map(knownBlock)],
	['multicast', ['224.0.0.0/4', 'ff00::/8', '255.255.255.255'].map(knownBlock)],
]);
/** RFC 1918, RFC 6598, RFC 4193. */
const privateBlocks = once(() =>
	['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map(knownBlock),
);
const loopback = once(() => knownBlock('127.0.0.1'));

const LEARNT_SECONDS_MIN = 60;
const LEARNT_SECONDS_MAX = 3_600;
const LEARNT_MAX = 4_096;

export class EgressPolicy {
	readonly #settings: EgressSettings;
	readonly #rules: readonly EgressRule[];
	/** When an address (and port, or any) that a listed name had stops being allowed. The first was learnt longest ago. */
	readonly #learnt = new Map<string, number>();

	/** `settings` are sound (checkEgress); an entry that is not allows nothing. */
	constructor(settings: EgressSettings) {
		this.#settings = settings;
		this.#rules = settings.allow.map(parseEgressRule).filter((rule) => rule !== null);
	}

	/** `nowMs` is of the clock that `learn` is told. */
	judge(address: string, port: number, nowMs: number): Verdict {
		const { mode, disablePublicNetwork } = this.#settings;
		if (mode === 'none') return refused('mode-none');
		if (address === HOST_ADDRESS) {
			return this.#names('loopback', loopback(), port) ? allowed('loopback') : refused('loopback');
		}
		const place = parseBlock(withoutZone(address));
		if (place === null) return refused('unspecified');
		const guard = guards().find(([, blocks]) => blocks.some((block) => contains(block, place)));
		if (guard !== undefined) {
			const [reason] = guard;
			return this.#names(reason, place, port) ? allowed('routed') : refused(reason);
		}
		if (mode === 'allow' && !this.#lists(place, port) && !this.#hasLearnt(place, port, nowMs)) {
			return refused('not-listed');
		}
		if (privateBlocks().some((block) => contains(block, place))) return allowed('routed');
		return disablePublicNetwork ? refused('public-network') : allowed('public');
	}

	/** Whether the instance may ask for the addresses of a name; where that leads is judged when it connects. */
	judgeName(name: string): Verdict {
		const { mode } = this.#settings;
		if (mode === 'none') return refused('mode-none');
		const plain = plainName(name);
		if (plain === HOST_NAME) {
			return this.#names('loopback', loopback(), null) ? allowed('loopback') : refused('loopback');
		}
		if (mode === 'open' || this.#rulesOf(plain).length > 0) return allowed('routed');
		return refused('not-listed');
	}

	/** What the instance is told of a name, before it is told. Names that are not listed teach nothing. */
	learn(name: string, addresses: readonly string[], ttlSeconds: number, nowMs: number): void {
		if (this.#settings.mode !== 'allow') return;
		const seconds = Math.min(LEARNT_SECONDS_MAX, Math.max(LEARNT_SECONDS_MIN, ttlSeconds));
		const places = addresses.map(parseBlock).filter((place) => place !== null);
		for (const { port } of this.#rulesOf(plainName(name))) {
			for (const place of places) this.#keep(learntKey(place, port), nowMs + seconds * 1_000);
		}
	}

	#keep(key: string, untilMs: number): void {
		const last = Math.max(untilMs, this.#learnt.get(key) ?? 0);
		this.#learnt.delete(key);
		this.#learnt.set(key, last);
		const [oldest] = this.#learnt.keys();
		if (this.#learnt.size > LEARNT_MAX && oldest !== undefined) this.#learnt.delete(oldest);
	}

	#hasLearnt(place: AddressBlock, port: number, nowMs: number): boolean {
		return [port, null].some((learnt) => {
			const untilMs = this.#learnt.get(learntKey(place, learnt));
			return untilMs !== undefined && nowMs < untilMs;
		});
	}

	#lists(place: AddressBlock, port: number): boolean {
		return this.#rules.some(
			(rule) => rule.kind === 'block' && fitsPort(rule, port) && contains(rule.block, place),
		);
	}

	/** A guarded address is named by a rule for guarded addresses: 0.0.0.0/0 lists everything, and names none of them. */
	#names(reason: Refused, place: AddressBlock, port: number | null): boolean {
		const guarded = guards().find(([of]) => of === reason)?.[1] ?? [];
		return this.#rules.some(
			(rule) =>
				rule.kind === 'block' &&
				fitsPort(rule, port) &&
				contains(rule.block, place) &&
				guarded.some((block) => contains(block, rule.block)),
		);
	}

	#rulesOf(name: string): readonly EgressRule[] {
		return this.#rules.filter(
			(rule) => rule.kind === 'name' && (rule.below ? name.endsWith(`.${rule.name}`) : name === rule.name),
		);
	}
}

/** A null port stands for any of the two sides. */
function fitsPort(rule: EgressRule, port: number | null): boolean {
	return rule.port === null || port === null || rule.port === port;
}

function learntKey({ bytes }: AddressBlock, port: number | null): string {
	return `${bytes.join('.')} ${port ?? 'any'}`;
}

/** `fe80::1%eth0` is judged as fe80::1. */
function withoutZone(address: string): string {
	return address.replace(/%.*$/s, '');
}

function plainName(name: string): string {
	return name.toLowerCase().replace(/\.$/, '');
}

function allowed(host: Extract<Verdict, { allowed: true }>['host']): Verdict {
	return { allowed: true, host };
}

function refused(reason: Refused): Verdict {
	return { allowed: false, reason };
}
