/** Where things are in an instance's own root, as the platform has them (documented, but for the user's name). */
export const PLACES = {
	code: '/opt/function/code',
	runtime: '/opt/function/runtime',
	/** Functions run as this user; nothing but /tmp is theirs to write. */
	user: { uid: 1003, name: 'snuser', home: '/tmp' },
} as const;
