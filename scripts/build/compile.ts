/** One executable from the bundle and a base. The file appears under its name only when it is complete. */
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { BuildConfig, Target } from '../../build.config.ts';
import { ENGINE_PATHS, runProgramLater } from '../repository.ts';

export interface CompileInput {
	readonly config: BuildConfig;
	readonly target: Target;
	readonly bundlePath: string;
	readonly basePath: string;
	/** Compressed; its name without the extension is that of the embedded file. */
	readonly bundlerPath: string;
	/** What `recordBytecodeOrder` answered; null: as it comes. */
	readonly orderPath: string | null;
	readonly outputPath: string;
}

export async function compile(input: CompileInput): Promise<void> {
	const temporary = join(dirname(input.outputPath), `.${basename(input.outputPath)}.${process.pid}`);
	try {
		await runProgramLater(compiler(input, temporary));
		chmodSync(temporary, 0o755);
		renameSync(temporary, input.outputPath);
	} finally {
		rmSync(temporary, { force: true });
	}
}

function compiler(
	{ config, target, bundlePath, basePath, bundlerPath, orderPath }: CompileInput,
	output: string,
): readonly string[] {
	switch (target.engine) {
		case 'bun':
			return [
				...[ENGINE_PATHS.bun, 'build', bundlePath, bundlerPath, ...config.bunFlags, `--outfile=${output}`],
				...[`--target=${bunTargetName(target)}`, `--compile-executable-path=${basePath}`],
				...(orderPath === null ? [] : [`--bytecode-order=${orderPath}`]),
			];
		case 'node': {
			const isHost = target.os === process.platform && target.cpu === process.arch;
			const script = join(import.meta.dirname, 'compile-node.ts');
			const { os, cpu } = target;
			return [
				ENGINE_PATHS.node,
				script,
				JSON.stringify({
					...{ bundlePath, basePath, output, os, cpu, isHost },
					sea: { ...config.nodeSea, assets: { [basename(bundlerPath, extname(bundlerPath))]: bundlerPath } },
				}),
			];
		}
		default:
			return target.engine satisfies never;
	}
}

function bunTargetName({ os, cpu, libc }: Target): string {
	return `bun-${os}-${cpu}${libc === 'musl' ? '-musl' : ''}`;
}
