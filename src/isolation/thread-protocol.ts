/** What the main thread and the namespace thread say to each other. Every call is answered once, by its number. */
import type { Variables } from '../contract/environment.ts';
import type { EgressSockets } from './egress-sockets.ts';
import type { InitLimits } from './init-script.ts';
import type { InterpreterLink } from './interpreters.ts';
import type { RootPlan } from './root-plan.ts';

export interface PlaceTools {
	readonly setpriv: string;
	readonly unshare: string;
	readonly bash: string;
}

/** How places are made, the same for all of one root. */
export interface PlacePlan {
	/** Places of the same key share a root. */
	readonly key: string;
	readonly root: RootPlan;
	readonly tools: PlaceTools;
	readonly limits: InitLimits;
	/** Variables of the process that waits to become the bootstrap. */
	readonly born: Variables;
	/** True: httpfn is root in the first user namespace, and functions get another user. False: each place has a user namespace of its own. */
	readonly privileged: boolean;
}

/** A place as it waits for its function. Descriptors are of this process, and the receiver's to close. */
export interface ReadyPlace {
	readonly id: number;
	/** The first process of the place, as this host numbers it. */
	readonly initPid: number;
	/** The process that waits to become the bootstrap. */
	readonly bootstrapPid: number;
	readonly stdoutFd: number;
	readonly stderrFd: number;
	/** What the waiting process tells on descriptor 3. A bootstrap does not have it. */
	readonly toldFd: number;
	/** Null where nothing can leave it. */
	readonly egress: EgressSockets | null;
}

export interface PlaceStart {
	readonly id: number;
	/** Absolute path of the code folder on the host. */
	readonly codeRoot: string;
	readonly tmpMb: number;
	readonly interpreters: readonly InterpreterLink[];
	/** Absolute path of a folder on the host that is shown at PLACES.edge; null: none. */
	readonly edgeFolder: string | null;
	/** Or the start message, where an engine waits. */
	readonly script: string;
}

export interface ThreadCalls {
	make: { given: PlacePlan; answer: ReadyPlace };
	/** Makes a zygote of a place that waits. Answers when the engine waits in it; fails when it never will. */
	load: { given: { id: number; script: string }; answer: null };
	start: { given: PlaceStart; answer: null };
	/** Answers a connected descriptor when the port accepts; null when `stopWaiting` was called, or the time is over. */
	awaitListening: { given: { id: number; timeoutMs: number }; answer: number | null };
	stopWaiting: { given: { id: number }; answer: null };
	/** Answers descriptors of the place's network, at least one. */
	openSockets: { given: { id: number; count: number }; answer: readonly number[] };
	/** Ends every process of a place; its end is told as an event. */
	kill: { given: { id: number }; answer: null };
	/** Ends every process of every place, and lets go of all that the thread holds. */
	close: { given: null; answer: null };
}

export type CallName = keyof ThreadCalls;

export type ThreadRequest = {
	[Name in CallName]: {
		readonly call: Name;
		readonly number: number;
		readonly given: ThreadCalls[Name]['given'];
	};
}[CallName];

export type ThreadMessage =
	| { readonly kind: 'answer'; readonly number: number; readonly value: unknown }
	| { readonly kind: 'failure'; readonly number: number; readonly message: string; readonly code: string }
	/** Every process of the place is gone. */
	| {
			readonly kind: 'gone';
			readonly id: number;
			readonly code: number | null;
			readonly signal: string | null;
	  };
