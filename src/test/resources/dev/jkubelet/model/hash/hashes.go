// Records what the kubelet 1.20.2 hashes. It is no part of the build; README.md says how to run it.
//
// hashes types      prints the Go types that a pod is made of
// hashes FILE ...   writes beside each manifest a .recorded: the UID, a line for each container with
//
//	the hash and the JSON it is of, and the pod's print that the UID is of
package main

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"github.com/davecgh/go-spew/spew"
	"k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	api "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corev1 "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/kubelet/container"
	"k8s.io/kubernetes/pkg/util/hash"
)

func main() {
	if os.Args[1] == "types" {
		types{}.print(reflect.TypeOf(api.Pod{}), reflect.TypeOf(v1.Pod{}))
		return
	}
	for _, manifest := range os.Args[1:] {
		record(manifest)
	}
}

type types map[string]reflect.Type

// Prints the named type that t is or is made of, and those of its fields, each once.
// In json, a type like it, the fields' tags are read: the internal types have none.
func (known types) print(t, json reflect.Type) {
	for t.Name() == "" {
		t, json = t.Elem(), json.Elem()
	}
	if t.PkgPath() == "" || opaque[t.String()] {
		return
	}
	if same, ok := known[t.String()]; ok {
		if same != t {
			panic(t.String() + " is two types")
		}
		return
	}
	known[t.String()] = t
	switch t.Kind() {
	case reflect.Map:
		fmt.Printf("%s = map[%s]%s\n", t, t.Key(), t.Elem())
		return
	case reflect.Struct:
		fmt.Printf("%s:", t)
	default:
		fmt.Printf("%s = %s\n", t, t.Kind())
		return
	}
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		name := strings.ToLower(field.Name[:1]) + field.Name[1:]
		if tagged, found := json.FieldByName(field.Name); found {
			name = strings.Split(tagged.Tag.Get("json"), ",")[0]
		}
		fmt.Printf(" %s:%s:%s", field.Name, name, field.Type)
	}
	fmt.Println()
	for i := 0; i < t.NumField(); i++ {
		if tagged, found := json.FieldByName(t.Field(i).Name); found {
			known.print(t.Field(i).Type, tagged.Type)
		}
	}
}

// Printed by rules of their own.
var opaque = map[string]bool{
	"resource.Quantity": true, "intstr.IntOrString": true, "v1.Time": true, "v1.FieldsV1": true,
}

func record(manifest string) {
	data, err := os.ReadFile(manifest)
	check(manifest, err)
	text, err := utilyaml.ToJSON(data)
	check(manifest, err)
	object, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), text)
	check(manifest, err)
	pod := object.(*api.Pod)

	printer := spew.ConfigState{Indent: " ", SortKeys: true, DisableMethods: true, SpewKeys: true}
	print := printer.Sprintf("%#v", pod)
	hasher := md5.New()
	hash.DeepHashObject(hasher, pod)

	out, err := os.Create(strings.TrimSuffix(manifest, filepath.Ext(manifest)) + ".recorded")
	check(manifest, err)
	defer out.Close()
	fmt.Fprintln(out, hex.EncodeToString(hasher.Sum(nil)))
	external := &v1.Pod{}
	check(manifest, corev1.Convert_core_Pod_To_v1_Pod(pod, external, nil))
	for _, list := range [][]v1.Container{external.Spec.InitContainers, external.Spec.Containers} {
		for i := range list {
			body, err := json.Marshal(&list[i])
			check(manifest, err)
			fmt.Fprintf(out, "%s %s\n", strconv.FormatUint(container.HashContainer(&list[i]), 16), body)
		}
	}
	fmt.Fprintln(out)
	fmt.Fprintln(out, print)
}

func check(manifest string, err error) {
	if err != nil {
		panic(manifest + ": " + err.Error())
	}
}
