/** How the programs that are compared are set up, where more than one measurement needs it. */

/** One instance that takes every request, as the reference does; its memory is no limit here. */
export const ONE_INSTANCE: readonly string[] = [
	...['--concurrency', '1', '--concurrent-num', '1000'],
	...['--memory', '1024', '--timeout', '60'],
];

/** A file of functions that are one folder, each with a path of its own: `f0` answers below `/f0`. */
export function manyFunctions(folder: string, count: number): object {
	const all = Array.from({ length: count }, (_, index) => [
		`f${index}`,
		{
			code: folder,
			routes: [{ path: `/f${index}`, match: 'prefix' }],
			...{ memory: 512, concurrency: 1, concurrentNum: 1000, initTimeout: 60 },
		},
	]);
	return { functions: Object.fromEntries(all) };
}
