/** Puts the bundle into a Node.js executable with @yao-pkg/pkg. A program of its own, since pkg changes the folder. */
import sea, { type SeaOptions } from '@yao-pkg/pkg/lib-es5/sea.js';

interface Input {
	readonly bundlePath: string;
	readonly basePath: string;
	readonly output: string;
	readonly os: 'linux' | 'darwin';
	readonly cpu: 'x64' | 'arm64';
	readonly isHost: boolean;
	readonly sea: Readonly<Record<string, unknown>>;
}

const input = JSON.parse(process.argv[2] ?? '') as Input;
const major = process.versions.node.split('.')[0];
const target = {
	nodeRange: `node${major}`,
	platform: input.os === 'darwin' ? 'macos' : 'linux',
	arch: input.cpu,
	output: input.output,
};

await sea.default(input.bundlePath, {
	targets: [target] as SeaOptions['targets'],
	nodePath: input.basePath,
	// A base for another machine cannot write the part that pkg adds; this Node.js, of the same version, does.
	useLocalNode: !input.isHost,
	signature: false,
	// V8's bytecode is good for one processor only, hence no cache for another machine.
	seaConfig: {
		...input.sea,
		disableExperimentalSEAWarning: true,
		useSnapshot: false,
		useCodeCache: input.isHost,
	},
});
