/** Where things are in an instance's own root, as the platform has them (documented, but for the user's name). */
export const PLACES = {
	code: '/opt/function/code',
	runtime: '/opt/function/runtime',
	/** httpfn's own executable, or an engine and what that runs, and what is made of the sources of an edge function (ours). */
	program: '/opt/function/runtime/httpfn',
	host: '/opt/function/runtime/edge-host.mjs',
	edge: '/opt/function/edge',
	/** Functions run as this user; nothing but /tmp is theirs to write. */
	user: { uid: 1003, name: 'snuser', home: '/tmp' },
} as const;
