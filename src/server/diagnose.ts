/** What this machine has of what httpfn needs. */
import fs from 'node:fs';
import { LIMITS } from '../contract/limits.ts';
import { engineName } from '../engine/engine-name.ts';
import { type SocketSupport, socketSupport } from '../engine/socket-support.ts';
import { type Capability, capability } from '../isolation/capability.ts';
import { judgeIsolation } from '../isolation/judge-isolation.ts';
import type { IsolationChoice } from '../isolation/open-isolation.ts';
import { findBash } from '../process/find-bash.ts';
import { portHolder } from '../process/port-holder.ts';

/** Two descriptors a client, and a hundred for everything else. */
const DESCRIPTORS_WANTED = 2 * LIMITS.connectionsMax + 100;
const DESCRIPTORS_MIN = 1024;

/** `choice` is the isolation that is asked for; what it needs and can not be had is missing. */
export async function diagnose(
	choice: IsolationChoice,
	environment: Readonly<Record<string, string>>,
): Promise<Capability[]> {
	const isolation = await judgeIsolation(choice, environment);
	const apart = isolation.some(({ name, state }) => name === 'namespaces' && state === 'ok');
	return [
		judgeEngine(),
		judgeBash(environment.PATH),
		await judgePort(apart),
		judgeProcessTables(),
		judgeDescriptors(),
		judgeSockets(socketSupport()),
		...isolation,
	];
}

function judgeEngine(): Capability {
	const { name, version, platform } = engineName();
	return capability('engine', 'ok', `${name} ${version} on ${platform}`);
}

function judgeBash(path: string | undefined): Capability {
	const bash = findBash(path);
	if (fs.existsSync(bash)) return capability('bash', 'ok', bash);
	return capability('bash', 'missing', 'none on PATH', 'install bash: it runs the bootstrap');
}

/** Instances with a network of their own need nothing of the host's. */
async function judgePort(apart: boolean): Promise<Capability> {
	const { functionPort } = LIMITS;
	const name = `port ${functionPort}`;
	const holder = await portHolder(functionPort);
	if (holder === null) return capability(name, 'ok', `127.0.0.1:${functionPort} is free for the function`);
	if (apart) {
		const advice = 'end that program for --isolation direct; instances in namespaces do not need the port';
		return capability(name, 'limited', `held by ${holder}`, advice);
	}
	return capability(name, 'missing', `held by ${holder}`, 'end that program: a function needs the port');
}

function judgeProcessTables(): Capability {
	try {
		fs.readFileSync('/proc/net/tcp');
		fs.readdirSync('/proc/self/fd');
		return capability('/proc', 'ok', 'readable');
	} catch (error) {
		const { code = 'unreadable' } = error as NodeJS.ErrnoException;
		const advice =
			'mount /proc: without it errors do not name ports, and strays of a killed httpfn are not found';
		return capability('/proc', 'limited', `not readable (${code})`, advice);
	}
}

function judgeDescriptors(): Capability {
	const name = 'file descriptors';
	const limit = descriptorLimit();
	if (limit === null) return capability(name, 'limited', 'limit not known', 'compare with ulimit -n');
	const found = `${limit} for this process`;
	if (limit >= DESCRIPTORS_WANTED) return capability(name, 'ok', found);
	const advice = `raise it (ulimit -n ${DESCRIPTORS_WANTED}) to serve ${LIMITS.connectionsMax} clients at once`;
	return capability(name, limit < DESCRIPTORS_MIN ? 'missing' : 'limited', found, advice);
}

export function judgeSockets(support: SocketSupport): Capability {
	const name = 'sockets';
	if (support === 'engine') return capability(name, 'ok', 'those of the engine');
	if (support === 'batches')
		return capability(name, 'ok', 'read and written for many by one call (io_uring)');
	const advice =
		'requests cost less with io_uring: Linux 5.7, kernel.io_uring_disabled=0, a sandbox that allows io_uring_setup';
	return capability(name, 'limited', 'read and written by a call each', advice);
}

/** The soft limit, which engines raise to the hard one as they start. */
function descriptorLimit(): number | null {
	try {
		const match = /^Max open files\s+(\d+|unlimited)/m.exec(fs.readFileSync('/proc/self/limits', 'latin1'));
		if (match === null) return null;
		return match[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(match[1]);
	} catch {
		return null;
	}
}
