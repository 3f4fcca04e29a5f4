/**
 * The packet rules of a place's network, as one batch of nf_tables: what leaves for the world is led to the sockets of
 * egress in the same namespace. The codes are those of linux/netfilter/nf_tables.h; the expressions are what `nft` makes of
 *
 *     table inet httpfn {
 *       chain untracked { type filter hook output priority -300;
 *         ip daddr 127.0.0.0/8 tcp dport 8000 notrack
 *         ip daddr 127.0.0.0/8 tcp sport 8000 notrack
 *       }
 *       chain egress { type nat hook output priority -100;
 *         udp dport 53 redirect to :53
 *         tcp dport 53 redirect to :53
 *         ip daddr 127.0.0.0/8 return
 *         ip6 daddr ::1 return
 *         meta l4proto tcp redirect to :15001
 *       }
 *     }
 */
import { LIMITS } from '../contract/limits.ts';
import { EGRESS_PORTS } from './egress-sockets.ts';
import { attribute, NLM_F, nested, netlinkMessage } from './netlink.ts';

const TABLE = 'httpfn';
const FAMILY = { any: 0, inet: 1, ip4: 2, ip6: 10 } as const;
const SUBSYSTEM_NFTABLES = 10;
const BATCH = { begin: 16, end: 17 } as const;
const NEW = { table: 0, chain: 3, rule: 6 } as const;
const HOOK_OUTPUT = 3;
const IPPROTO = { tcp: 6, udp: 17 } as const;
const REGISTER = 1;
const META = { family: 15, protocol: 16 } as const;
const HEADER = { network: 1, transport: 2 } as const;
const VERDICT_RETURN = -5;
const PORT_SPECIFIED = 2;

/** Encoded once: every place gets the same, and encoding takes longer than the kernel does. */
const encoded = new Map<boolean, readonly Buffer[]>();

/** `inet`: the namespace has IPv6 too. */
export function egressRules(inet: boolean): readonly Buffer[] {
	const rules = encoded.get(inet) ?? encodeRules(inet);
	encoded.set(inet, rules);
	return rules;
}

function encodeRules(inet: boolean): Buffer[] {
	const family = inet ? FAMILY.inet : FAMILY.ip4;
	const rule = (chain: string, ...expressions: readonly Buffer[]) =>
		ruleOf(family, chain, expressions, false);
	const port = LIMITS.functionPort;
	return [
		message(BATCH.begin, 0, FAMILY.any, SUBSYSTEM_NFTABLES),
		message(subsystem(NEW.table), NLM_F.create, family, 0, attribute(1, TABLE)),
		chainOf(family, 'untracked', 'filter', -300),
		// Requests are many and the table of connections is small: a full one would drop packets.
		rule(
			'untracked',
			...toLoopback4(),
			...isProtocol(IPPROTO.tcp),
			...portIs(2, port),
			expression('notrack'),
		),
		rule(
			'untracked',
			...toLoopback4(),
			...isProtocol(IPPROTO.tcp),
			...portIs(0, port),
			expression('notrack'),
		),
		chainOf(family, 'egress', 'nat', -100),
		rule('egress', ...isProtocol(IPPROTO.udp), ...portIs(2, EGRESS_PORTS.dns), ...redirect(EGRESS_PORTS.dns)),
		rule('egress', ...isProtocol(IPPROTO.tcp), ...portIs(2, EGRESS_PORTS.dns), ...redirect(EGRESS_PORTS.dns)),
		rule('egress', ...toLoopback4(), leave()),
		...(inet ? [rule('egress', ...toLoopback6(), leave())] : []),
		ruleOf(family, 'egress', [...isProtocol(IPPROTO.tcp), ...redirect(EGRESS_PORTS.tcp)], true),
		message(BATCH.end, 0, FAMILY.any, SUBSYSTEM_NFTABLES),
	];
}

/** struct nfgenmsg is the header of the family. */
function message(
	type: number,
	flags: number,
	family: number,
	resource: number,
	...attributes: Buffer[]
): Buffer {
	return netlinkMessage(type, flags, Buffer.from([family, 0, resource >> 8, resource & 0xff]), ...attributes);
}

function subsystem(type: number): number {
	return (SUBSYSTEM_NFTABLES << 8) | type;
}

function chainOf(family: number, name: string, type: string, priority: number): Buffer {
	const hook = nested(4, attribute(1, HOOK_OUTPUT), attribute(2, priority));
	const attributes = [attribute(1, TABLE), attribute(3, name), hook, attribute(7, type)];
	return message(subsystem(NEW.chain), NLM_F.create, family, 0, ...attributes);
}

function ruleOf(
	family: number,
	chain: string,
	expressions: readonly Buffer[],
	acknowledged: boolean,
): Buffer {
	const flags = NLM_F.create | NLM_F.append | (acknowledged ? NLM_F.acknowledge : 0);
	const attributes = [attribute(1, TABLE), attribute(2, chain), nested(4, ...expressions)];
	return message(subsystem(NEW.rule), flags, family, 0, ...attributes);
}

function expression(name: string, ...attributes: readonly Buffer[]): Buffer {
	const data = attributes.length === 0 ? [] : [nested(2, ...attributes)];
	return nested(1, attribute(1, name), ...data);
}

function toLoopback4(): Buffer[] {
	return [...meta(META.family, [FAMILY.ip4]), ...payload(HEADER.network, 16, [127])];
}

function toLoopback6(): Buffer[] {
	return [...meta(META.family, [FAMILY.ip6]), ...payload(HEADER.network, 24, [...new Array(15).fill(0), 1])];
}

function isProtocol(protocol: number): Buffer[] {
	return meta(META.protocol, [protocol]);
}

/** `offset`: 0 is the port it comes from, 2 the port it goes to. */
function portIs(offset: 0 | 2, port: number): Buffer[] {
	return payload(HEADER.transport, offset, [port >> 8, port & 0xff]);
}

function meta(key: number, wanted: readonly number[]): Buffer[] {
	return [expression('meta', attribute(2, key), attribute(1, REGISTER)), equals(wanted)];
}

function payload(header: number, offset: number, wanted: readonly number[]): Buffer[] {
	const where = [attribute(2, header), attribute(3, offset), attribute(4, wanted.length)];
	return [expression('payload', attribute(1, REGISTER), ...where), equals(wanted)];
}

function equals(wanted: readonly number[]): Buffer {
	const operator = attribute(2, 0);
	return expression('cmp', attribute(1, REGISTER), operator, nested(3, attribute(1, Buffer.from(wanted))));
}

function leave(): Buffer {
	const verdict = nested(2, nested(2, attribute(1, VERDICT_RETURN)));
	return expression('immediate', attribute(1, 0), verdict);
}

function redirect(port: number): Buffer[] {
	const value = nested(2, attribute(1, Buffer.from([port >> 8, port & 0xff])));
	return [
		expression('immediate', attribute(1, REGISTER), value),
		expression('redir', attribute(1, REGISTER), attribute(3, PORT_SPECIFIED)),
	];
}
