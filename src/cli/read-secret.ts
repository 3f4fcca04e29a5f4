import process from 'node:process';
import type { DescriptorSink } from '../telemetry/descriptor-sink.ts';

const STDIN = 0;
const SECRET_CHARS_MAX = 64 * 1024;

/**
 * One line of standard input: what a program pipes, or what a person types at a terminal, where it is not shown. Null: input ended
 * before anything came, or Ctrl-C.
 */
export async function readSecret(prompt: string, stderr: DescriptorSink): Promise<string | null> {
	const { stdin } = process;
	const typed = process.getBuiltinModule('node:tty').isatty(STDIN);
	if (typed) {
		stderr.writeText(prompt);
		stdin.setRawMode(true);
	}
	try {
		return await readLine(stdin);
	} finally {
		if (typed) {
			stdin.setRawMode(false);
			stderr.writeText('\n');
		}
		stdin.pause();
	}
}

async function readLine(input: NodeJS.ReadStream): Promise<string | null> {
	const decoder = new TextDecoder();
	let line = '';
	for await (const chunk of input) {
		for (const sign of decoder.decode(chunk as Uint8Array, { stream: true })) {
			if (sign === '\n' || sign === '\r') return line;
			if (sign === '\u0003') return null;
			if (sign === '\u0004') return line === '' ? null : line;
			if (sign === '\u007f' || sign === '\b') line = line.slice(0, -1);
			else line += sign;
		}
		if (line.length > SECRET_CHARS_MAX) return null;
	}
	return line === '' ? null : line;
}
