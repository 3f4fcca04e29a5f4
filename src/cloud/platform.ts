/** What is known of the machine that a function meets in the cloud. */

export const PLATFORM = {
	/** Functions from images run on x86 only (documented); nothing else is said of those from packages. */
	machine: 'x86_64',
	/**
	 * The manual advises to build on Huawei Cloud EulerOS 2.0 (documented), and names no version of glibc. That system has 2.34, so
	 * what asks for more was built elsewhere (ours).
	 */
	glibc: [2, 34],
	/** Folders below /opt/function/runtime, and the program in each (documented). */
	interpreters: {
		'java8/rtsp/jre/bin/java': 'java',
		'java11/rtsp/jre/bin/java': 'java',
		'java17/rtsp/jre/bin/java': 'java',
		'java21/rtsp/jre/bin/java': 'java',
		'nodejs6.10/rtsp/nodejs/bin/node': 'node',
		'nodejs8.10/rtsp/nodejs/bin/node': 'node',
		'nodejs10.16/rtsp/nodejs/bin/node': 'node',
		'nodejs12.13/rtsp/nodejs/bin/node': 'node',
		'nodejs14.18/rtsp/nodejs/bin/node': 'node',
		'nodejs16.17/rtsp/nodejs/bin/node': 'node',
		'nodejs18.15/rtsp/nodejs/bin/node': 'node',
		'nodejs20.15/rtsp/nodejs/bin/node': 'node',
		'python2.7/rtsp/python/bin/python': 'python',
		'python3.6/rtsp/python/bin/python3': 'python3',
		'python3.9/rtsp/python/bin/python3': 'python3',
		'python3.10/rtsp/python/bin/python3': 'python3',
		'python3.12/rtsp/python/bin/python3': 'python3',
		'php7.3/rtsp/php/bin/php': 'php',
		'php8.3/rtsp/php/bin/php': 'php',
		'dotnet2.1/rtsp/dotnet/dotnet': 'dotnet',
		'dotnet3.1/rtsp/dotnet/dotnet': 'dotnet',
		'dotnet6.0/rtsp/dotnet/dotnet': 'dotnet',
	},
	/** Bytes of a package: by the API, by the console, by object storage (documented). */
	uploadBytesMax: 50 * 1024 * 1024,
	consoleBytesMax: 40 * 1024 * 1024,
	obsBytesMax: 300 * 1024 * 1024,
	/** Bytes of a zip that travels as inline code (documented). */
	inlineBytesMax: 10 * 1024,
	unpackedBytesMax: 1500 * 1024 * 1024,
	/** Files of a dependency package (documented); of code nothing is said. */
	filesMax: 30_000,
	/** Seconds until the gateway of a trigger gives up (documented). */
	gatewaySecondsMax: 60,
} as const;

/** The C library and what every compiler brings: on any system with glibc. */
export const COMMON_LIBRARIES: ReadonlySet<string> = new Set([
	...['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1'],
	...['libutil.so.1', 'libresolv.so.2', 'libnsl.so.1', 'libanl.so.1', 'libgcc_s.so.1', 'libstdc++.so.6'],
]);
