package provider_test

import "strings"

// localOrchestrator runs on this machine.
const localOrchestrator = `
resource "mlstacks_orchestrator" "local" {
  name  = "local"
  local = {}
}
`

// stackX is a stack of an orchestrator on this machine and a store, all of them called x, with more lines for the stack. store is
// what the block of the store says beside its name.
func stackX(store string, more ...string) string {
	return `
resource "mlstacks_orchestrator" "x" {
  name  = "local"
  local = {}
}
resource "mlstacks_artifact_store" "x" {
  name = "store"
  ` + store + `
}
resource "mlstacks_stack" "x" {
  name           = "x"
  orchestrator   = mlstacks_orchestrator.x
  artifact_store = mlstacks_artifact_store.x
  ` + strings.Join(more, "\n  ") + `
}
`
}

// rented is an orchestrator on machines elsewhere, whose steps reach nothing on this one.
const rented = `
resource "mlstacks_orchestrator" "main" {
  name           = "rented"
  skypilot_azure = {}
}
`

// azureStore can be reached from everywhere, as can ghcrImages.
const azureStore = `
resource "mlstacks_artifact_store" "main" {
  name       = "artifacts"
  azure_blob = { path = "az://container" }
}
`

const ghcrImages = `
resource "mlstacks_container_registry" "main" {
  name = "images"
  ghcr = { uri = "ghcr.io/acme" }
}
`

// stackMain is a stack of an orchestrator, a store and a registry called main, with more lines.
func stackMain(name string, more ...string) string {
	return `
resource "mlstacks_stack" "main" {
  name               = "` + name + `"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  container_registry = mlstacks_container_registry.main
  ` + strings.Join(more, "\n  ") + `
}
`
}
