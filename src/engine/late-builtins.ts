/** Built-in modules of the engine that are loaded when they are used: a start that does without is spared their milliseconds. */
import type children from 'node:child_process';
import type dns from 'node:dns/promises';
import type net from 'node:net';

/** Where the engine has sockets of its own, nobody needs it. */
export function nodeNet(): typeof net {
	return process.getBuiltinModule('node:net');
}

export function nodeDns(): typeof dns {
	return process.getBuiltinModule('node:dns/promises');
}

export function nodeChildren(): typeof children {
	return process.getBuiltinModule('node:child_process');
}
