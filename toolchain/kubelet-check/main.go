// Kubelet-check says what a kubelet of the pinned version makes of a KubeletConfiguration, with the kubelet's own code.
package main

import (
	"fmt"
	"io"
	"os"
)

const usage = `usage: kubelet-check COMMAND

  fields     print every field of KubeletConfiguration v1beta1, nested ones too, a JSON object a line
  defaults   print the configuration of an empty file, with all defaults, as JSON
  gates      print every feature gate that the kubelet knows, a JSON object a line
  check FILE print whether a kubelet would start with each file, a JSON object a line
  serve      the same for lines {"id": ..., "text": ...} on standard input, a line for each
  admit      say for lines of machines and pods what the kubelet's own managers do with the pods
`

var commands = map[string]func(arguments []string, in io.Reader, out io.Writer) error{
	"fields":   printFields,
	"defaults": printDefaults,
	"gates":    printGates,
	"check":    judgeFiles,
	"serve":    serve,
	"admit":    func(_ []string, in io.Reader, out io.Writer) error { return runAdmit(in, out) },
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	command, known := commands[os.Args[1]]
	if !known {
		fmt.Fprintf(os.Stderr, "kubelet-check: no command is called %q\n\n%s", os.Args[1], usage)
		os.Exit(2)
	}
	if err := command(os.Args[2:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "kubelet-check: %v\n", err)
		os.Exit(1)
	}
}
