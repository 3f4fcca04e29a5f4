/** The way out of a place's network: routes, rules and the sockets that they lead to. */
import { KernelError } from '../engine/kernel-error.ts';
import { AF_INET, AF_INET6, socketAddress } from '../engine/socket-address.ts';
import { EGRESS_PORTS, type EgressSockets } from './egress-sockets.ts';
import type { Kernel } from './kernel.ts';
import { attribute, NETLINK, NLM_F, netlinkExchange, netlinkMessage } from './netlink.ts';
import { egressRules } from './nft-rules.ts';

const SOCK = { stream: 1, datagram: 2, nonBlocking: 0o4000, closeOnExec: 0o2000000 } as const;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const BACKLOG = 256;
const RTM_NEWROUTE = 24;
const RTA = { device: 4, preferredSource: 7 } as const;
const ROUTE = { tableLocal: 255, protocolBoot: 3, scopeUniverse: 0, scopeHost: 254, typeLocal: 2 } as const;
/** The first device of every network namespace. */
const LOOPBACK_INDEX = 1;
const LOOPBACK_4 = [127, 0, 0, 1];
const LOOPBACK_6 = [...new Array<number>(15).fill(0), 1];
const ANY_4 = [0, 0, 0, 0];
const ANY_6 = new Array<number>(16).fill(0);

/**
 * For the network namespace that the calling thread is in: fresh, its loopback up. Wants CAP_NET_ADMIN and
 * CAP_NET_BIND_SERVICE there. Without nf_tables nothing is redirected and there is no route: connections to the world
 * fail at once, with ENETUNREACH. Throws a KernelError and leaves no descriptor open.
 */
export function prepareEgress(kernel: Kernel): EgressSockets {
	const opened: number[] = [];
	const open = (address: readonly number[], port: number, type: number): number => {
		const socket = openSocket(kernel, socketAddress(address, port), type);
		opened.push(socket);
		return socket;
	};
	try {
		// Null where there is no IPv6: no such sockets, or no ::1.
		const tcp6 = attempt(() => open(LOOPBACK_6, EGRESS_PORTS.tcp, SOCK.stream));
		const tcp = open(LOOPBACK_4, EGRESS_PORTS.tcp, SOCK.stream);
		// A socket of IPv6 serves both.
		const any = tcp6 === null ? ANY_4 : ANY_6;
		const dnsUdp = open(any, EGRESS_PORTS.dns, SOCK.datagram);
		const dnsTcp = open(any, EGRESS_PORTS.dns, SOCK.stream);
		return { tcp, tcp6, dnsUdp, dnsTcp, redirected: redirect(kernel, tcp6 !== null) };
	} catch (error) {
		for (const socket of opened) kernel.libc.close(socket);
		throw error;
	}
}

/** False: this kernel has no nf_tables, or keeps it from this user. */
function redirect(kernel: Kernel, inet: boolean): boolean {
	const ruled = attempt(() => {
		netlinkExchange(kernel, NETLINK.netfilter, 'adding rules of nf_tables', egressRules(inet));
		return true;
	});
	if (ruled === null) return false;
	// Routes come last: without the rules they would lead the world's ports to the function's own.
	netlinkExchange(kernel, NETLINK.route, 'adding a route of IPv4', [localRoute(AF_INET, LOOPBACK_4)]);
	if (inet)
		netlinkExchange(kernel, NETLINK.route, 'adding a route of IPv6', [localRoute(AF_INET6, LOOPBACK_6)]);
	return true;
}

/** `local default dev lo src SOURCE`: every address of the world is this machine's. */
function localRoute(family: number, source: readonly number[]): Buffer {
	const scope = family === AF_INET ? ROUTE.scopeHost : ROUTE.scopeUniverse;
	const { tableLocal, protocolBoot, typeLocal } = ROUTE;
	const header = Buffer.from([family, 0, 0, 0, tableLocal, protocolBoot, scope, typeLocal, 0, 0, 0, 0]);
	const device = Buffer.alloc(4);
	device.writeUInt32LE(LOOPBACK_INDEX);
	return netlinkMessage(
		RTM_NEWROUTE,
		NLM_F.create | NLM_F.exclusive | NLM_F.acknowledge,
		header,
		attribute(RTA.preferredSource, Buffer.from(source)),
		attribute(RTA.device, device),
	);
}

/** Bound, and listening where it is of streams. */
function openSocket(kernel: Kernel, address: Buffer, type: number): number {
	const { libc } = kernel;
	const family = address.readUInt16LE(0);
	const socket = libc.socket(family, type | SOCK.nonBlocking | SOCK.closeOnExec, 0);
	const steps = {
		socket: () => socket,
		setsockopt: () => (family === AF_INET6 ? takeBothFamilies(kernel, socket) : 0),
		bind: () => libc.bind(socket, address, address.length),
		listen: () => (type === SOCK.stream ? libc.listen(socket, BACKLOG) : 0),
	};
	for (const [call, step] of Object.entries(steps)) {
		if (step() >= 0) continue;
		const number = libc.lastErrorNumber();
		if (socket >= 0) libc.close(socket);
		throw new KernelError(`${call} for egress`, number);
	}
	return socket;
}

/** Matters to a socket that is bound to no address. */
function takeBothFamilies(kernel: Kernel, socket: number): number {
	return kernel.libc.setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, Buffer.alloc(4), 4);
}

/** Null where the kernel refused. */
function attempt<T>(action: () => T): T | null {
	try {
		return action();
	} catch (error) {
		if (error instanceof KernelError) return null;
		throw error;
	}
}
