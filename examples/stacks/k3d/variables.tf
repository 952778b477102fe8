variable "name" {
  description = "Name of the cluster."
  type        = string
  default     = "mlstacks"
}

variable "registry_port" {
  description = "Port of the image registry on this machine; 0 picks a free one."
  type        = number
  default     = 0
}

variable "force_destroy" {
  description = "Whether destroying may delete artifacts and runs."
  type        = bool
  default     = false
}

variable "node_image" {
  description = "Image of the cluster's nodes; null is the provider's choice."
  type        = string
  default     = null
}

variable "image_registry" {
  description = "Mirror that images are pulled from, in a network without a way out."
  type        = string
  default     = null
}

variable "registries" {
  description = "Mirrors of image registries that the nodes ask instead."
  type        = map(list(string))
  default     = {}
}
