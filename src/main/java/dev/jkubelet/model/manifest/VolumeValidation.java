package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules for volumes and for the paths that they hold. */
final class VolumeValidation {
  private static final List<String> HOST_PATH_TYPES =
      List.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");

  private VolumeValidation() {}

  /** The names of the volumes that are right in themselves. */
  static Set<String> validate(List<Volume> volumes, FieldPath path, FieldErrors errors) {
    var valid = new HashSet<String>();
    for (var i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      var at = path.index(i);
      var before = errors.count();
      source(volume, at, errors);
      if (PodDefaults.isEmpty(volume.getName())) {
        errors.required(at.child("name"), "");
      } else {
        errors.invalid(at.child("name"), volume.getName(), NameRules.dnsLabel(volume.getName()));
      }
      if (valid.contains(volume.getName())) {
        errors.duplicate(at.child("name"), volume.getName());
      }
      if (errors.count() == before) {
        valid.add(volume.getName());
      }
    }
    return valid;
  }

  private static void source(Volume volume, FieldPath path, FieldErrors errors) {
    VolumeSources.of(volume).stream()
        .skip(1)
        .forEach(
            more -> errors.forbidden(path.child(more), "may not specify more than 1 volume type"));
    var emptyDir = volume.getEmptyDir();
    if (emptyDir != null
        && emptyDir.getSizeLimit() != null
        && ResourceValidation.amount(emptyDir.getSizeLimit()).signum() < 0) {
      errors.forbidden(
          path.child("emptyDir").child("sizeLimit"),
          "SizeLimit field must be a valid resource quantity");
    }
    if (volume.getHostPath() != null) {
      hostPath(volume.getHostPath(), path.child("hostPath"), errors);
    }
    var secret = volume.getSecret();
    if (secret != null) {
      var at = path.child("secret");
      given(secret.getSecretName(), at.child("secretName"), errors);
      mode(secret.getDefaultMode(), at.child("defaultMode"), errors);
      items(secret.getItems(), at.child("items"), errors);
    }
    var configMap = volume.getConfigMap();
    if (configMap != null) {
      var at = path.child("configMap");
      given(configMap.getName(), at.child("name"), errors);
      mode(configMap.getDefaultMode(), at.child("defaultMode"), errors);
      items(configMap.getItems(), at.child("items"), errors);
    }
    var downward = volume.getDownwardAPI();
    if (downward != null) {
      var at = path.child("downwardAPI");
      mode(downward.getDefaultMode(), at.child("defaultMode"), errors);
      files(downward.getItems(), at.child("items"), errors);
    }
    if (volume.getProjected() != null) {
      projected(volume.getProjected(), path.child("projected"), errors);
    }
    var claim = volume.getPersistentVolumeClaim();
    if (claim != null) {
      given(claim.getClaimName(), path.child("persistentVolumeClaim").child("claimName"), errors);
    }
  }

  private static void hostPath(HostPathVolumeSource host, FieldPath path, FieldErrors errors) {
    if (PodDefaults.isEmpty(host.getPath())) {
      errors.required(path.child("path"), "");
      return;
    }
    noBacksteps(host.getPath(), path.child("path"), errors);
    if (host.getType() != null && !HOST_PATH_TYPES.contains(host.getType())) {
      errors.notSupported(path.child("type"), host.getType(), HOST_PATH_TYPES);
    }
  }

  private static void projected(
      ProjectedVolumeSource projected, FieldPath path, FieldErrors errors) {
    mode(projected.getDefaultMode(), path.child("defaultMode"), errors);
    for (var i = 0; i < projected.getSources().size(); i++) {
      var source = projected.getSources().get(i);
      var at = path.child("sources").index(i);
      if (source.getSecret() != null) {
        given(source.getSecret().getName(), at.child("secret").child("name"), errors);
        items(source.getSecret().getItems(), at.child("secret").child("items"), errors);
      }
      if (source.getConfigMap() != null) {
        given(source.getConfigMap().getName(), at.child("configMap").child("name"), errors);
        items(source.getConfigMap().getItems(), at.child("configMap").child("items"), errors);
      }
      if (source.getDownwardAPI() != null) {
        files(source.getDownwardAPI().getItems(), at.child("downwardAPI").child("items"), errors);
      }
      if (source.getServiceAccountToken() != null) {
        var token = at.child("serviceAccountToken");
        given(source.getServiceAccountToken().getPath(), token.child("path"), errors);
        nonReserved(source.getServiceAccountToken().getPath(), token.child("path"), errors);
      }
    }
  }

  private static void files(List<DownwardAPIVolumeFile> files, FieldPath path, FieldErrors errors) {
    for (var i = 0; i < files.size(); i++) {
      var file = files.get(i);
      var at = path.index(i);
      given(file.getPath(), at.child("path"), errors);
      nonReserved(file.getPath(), at.child("path"), errors);
      mode(file.getMode(), at.child("mode"), errors);
      if (file.getFieldRef() != null) {
        ReferenceValidation.field(
            file.getFieldRef(), ReferenceValidation.FILES, at.child("fieldRef"), errors);
        if (file.getResourceFieldRef() != null) {
          errors.invalid(
              at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
        }
      } else if (file.getResourceFieldRef() != null) {
        ReferenceValidation.resource(
            file.getResourceFieldRef(), true, at.child("resourceFieldRef"), errors);
      } else {
        errors.required(at, "one of fieldRef and resourceFieldRef is required");
      }
    }
  }

  private static void items(List<KeyToPath> items, FieldPath path, FieldErrors errors) {
    for (var i = 0; i < items.size(); i++) {
      var item = items.get(i);
      given(item.getKey(), path.index(i).child("key"), errors);
      given(item.getPath(), path.index(i).child("path"), errors);
      nonReserved(item.getPath(), path.index(i).child("path"), errors);
      mode(item.getMode(), path.index(i).child("mode"), errors);
    }
  }

  private static void given(String value, FieldPath path, FieldErrors errors) {
    if (PodDefaults.isEmpty(value)) {
      errors.required(path, "");
    }
  }

  private static void mode(Integer mode, FieldPath path, FieldErrors errors) {
    if (mode != null && (mode < 0 || mode > 0777)) {
      errors.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
    }
  }

  /** A path inside the volume, which must stay inside. */
  static void descending(String target, FieldPath path, FieldErrors errors) {
    if (target.startsWith("/")) {
      errors.invalid(path, target, "must be a relative path");
    }
    noBacksteps(target, path, errors);
  }

  /** Names that begin with two dots belong to the atomic writer of the volume. */
  private static void nonReserved(String target, FieldPath path, FieldErrors errors) {
    if (PodDefaults.isEmpty(target)) {
      return;
    }
    descending(target, path, errors);
    if (target.startsWith("..") && !target.startsWith("../") && !target.equals("..")) {
      errors.invalid(path, target, "must not start with '..'");
    }
  }

  static void noBacksteps(String target, FieldPath path, FieldErrors errors) {
    if (List.of(target.split("/", -1)).contains("..")) {
      errors.invalid(path, target, "must not contain '..'");
    }
  }
}
