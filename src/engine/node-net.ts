import type net from 'node:net';

/** node:net, loaded when it is used: where the engine has sockets of its own, a start is spared its milliseconds. */
export function nodeNet(): typeof net {
	return process.getBuiltinModule('node:net');
}
