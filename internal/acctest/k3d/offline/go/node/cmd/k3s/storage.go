package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	storageDir  = "/var/lib/rancher/k3s/storage"
	provisioner = "rancher.io/local-path"

	// What Kubernetes writes on a claim that waits for a volume, and a volume for its deletion.
	selectedNode  = "volume.kubernetes.io/selected-node"
	provisionedBy = "pv.kubernetes.io/provisioned-by"
	// Where the local-path provisioner notes the node of a volume.
	nodeOfVolume = "local.path.provisioner/selected-node"
)

// reconcileStorage does for this node what k3s' local-path provisioner does with a
// pod for each volume: a claim that is to be on this node gets a directory, and the
// directory of a volume that was given back is removed.
func (n *node) reconcileStorage(ctx context.Context) error {
	claims, err := n.client.CoreV1().PersistentVolumeClaims("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, claim := range claims.Items {
		if claim.Status.Phase == corev1.ClaimPending && claim.Spec.VolumeName == "" && claim.DeletionTimestamp == nil &&
			claim.Annotations[selectedNode] == n.name &&
			claim.Annotations["volume.kubernetes.io/storage-provisioner"] == provisioner {
			if err := n.provision(ctx, &claim); err != nil {
				return fmt.Errorf("%s/%s: %w", claim.Namespace, claim.Name, err)
			}
		}
	}
	volumes, err := n.client.CoreV1().PersistentVolumes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, volume := range volumes.Items {
		if volume.Status.Phase == corev1.VolumeReleased && volume.Annotations[provisionedBy] == provisioner &&
			volume.Annotations[nodeOfVolume] == n.name && volume.Spec.HostPath != nil &&
			volume.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete {
			if err := n.unprovision(ctx, &volume); err != nil {
				return fmt.Errorf("%s: %w", volume.Name, err)
			}
		}
	}
	return nil
}

func (n *node) provision(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	once := []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce, corev1.ReadWriteOncePod}
	for _, mode := range claim.Spec.AccessModes {
		if !slices.Contains(once, mode) {
			return n.refuse(ctx, claim, "Only support ReadWriteOnce access mode")
		}
	}
	class, err := n.client.StorageV1().StorageClasses().Get(ctx, *claim.Spec.StorageClassName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	name := "pvc-" + string(claim.UID)
	dir := filepath.Join(storageDir, name+"_"+claim.Namespace+"_"+claim.Name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	// Pods run as any user, and the umask took that from them.
	if err := os.Chmod(dir, 0o777); err != nil {
		return err
	}
	pathType := corev1.HostPathDirectoryOrCreate
	_, err = n.client.CoreV1().PersistentVolumes().Create(ctx, &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        name,
			Annotations: map[string]string{provisionedBy: provisioner, nodeOfVolume: n.name},
		},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			ClaimRef:                      &corev1.ObjectReference{APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID, ResourceVersion: claim.ResourceVersion},
			NodeAffinity:                  &corev1.VolumeNodeAffinity{Required: onNode(n.name)},
			PersistentVolumeReclaimPolicy: *class.ReclaimPolicy,
			PersistentVolumeSource:        corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: dir, Type: &pathType}},
			StorageClassName:              class.Name,
			VolumeMode:                    claim.Spec.VolumeMode,
		},
	}, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// refuse says on the claim why it gets no volume, once.
func (n *node) refuse(ctx context.Context, claim *corev1.PersistentVolumeClaim, message string) error {
	now := metav1.Now()
	_, err := n.client.CoreV1().Events(claim.Namespace).Create(ctx, &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Name: claim.Name + "." + string(claim.UID)},
		InvolvedObject: corev1.ObjectReference{APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID},
		Type:           corev1.EventTypeWarning,
		Reason:         "ProvisioningFailed",
		Message:        fmt.Sprintf("failed to provision volume with StorageClass %q: %s", *claim.Spec.StorageClassName, message),
		Source:         corev1.EventSource{Component: provisioner},
		FirstTimestamp: now,
		LastTimestamp:  now,
		Count:          1,
	}, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func (n *node) unprovision(ctx context.Context, volume *corev1.PersistentVolume) error {
	if err := os.RemoveAll(volume.Spec.HostPath.Path); err != nil {
		return err
	}
	return n.client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, metav1.DeleteOptions{
		Preconditions: &metav1.Preconditions{UID: &volume.UID},
	})
}

func onNode(name string) *corev1.NodeSelector {
	return &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
		MatchExpressions: []corev1.NodeSelectorRequirement{
			{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{name}},
		},
	}}}
}
