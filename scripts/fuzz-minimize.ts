/** The shortest part of an input that still shows what the whole does, found by leaving out ever smaller pieces. */
export async function minimized(input: Buffer, shows: (input: Buffer) => Promise<boolean>): Promise<Buffer> {
	let smallest = input;
	for (let pieceBytes = input.length >> 1; pieceBytes >= 1; pieceBytes >>= 1) {
		for (let at = 0; at < smallest.length; ) {
			const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + pieceBytes)]);
			if (await shows(without)) smallest = without;
			else at += pieceBytes;
		}
	}
	return smallest;
}
