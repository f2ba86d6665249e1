// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Objects written as manifests, of which some come and go, as {@code kubectl apply} and {@code
 * kubectl delete} change them: an object that is applied again replaces the one of its kind and
 * name. What a cluster would not take is refused. Immutable and thread-safe.
 *
 * <pre>{@code
 * ManifestSet before = ManifestSet.empty(Loopback.IGNORED).apply(List.of(Path.of("manifests")));
 * ManifestSet after = before.apply("a stricter policy", yaml).delete("NetworkPolicy", "shop/open");
 * try (KubernetesNetwork network = KubernetesNetwork.fromManifests(after.manifests()).open()) {
 *   ask(network);
 * }
 * }</pre>
 */
public final class ManifestSet {
  private static final String NAMESPACE = "Namespace";

  private final Loopback loopback;
  private final Map<Key, ManifestObject> objects;
  private final String digest;

  private ManifestSet(Loopback loopback, Map<Key, ManifestObject> objects, String digest) {
    this.loopback = loopback;
    this.objects = objects;
    this.digest = digest;
  }

  /** By what an object is told from all others; the namespace is empty where it has none. */
  private record Key(String apiVersion, String kind, String namespace, String name) {
    static Key of(ManifestObject object) {
      Subject subject = object.subject();
      String namespace = KnownKinds.isNamespaced(object) ? object.namespace() : subject.namespace();
      return new Key(object.apiVersion(), object.kind(), namespace, subject.name());
    }

    String path() {
      return namespace.isEmpty() ? name : namespace + "/" + name;
    }
  }

  /**
   * No object at all.
   *
   * @param loopback what a loopback address in a pod's status is
   * @return the empty set
   */
  public static ManifestSet empty(Loopback loopback) {
    return new ManifestSet(loopback, Map.of(), "");
  }

  /**
   * The set after objects have come or changed.
   *
   * @param origin what findings call the text; no file is read
   * @param text YAML or JSON, any number of documents
   * @return another set
   * @throws IdentityException with code {@code CONFIGURATION} and the load report if anything is
   *     wrong with the text, or it holds no object
   */
  public ManifestSet apply(String origin, String text) {
    return apply(origin, reader -> reader.readText(origin, text));
  }

  /**
   * The set after objects have come or changed.
   *
   * @param paths files, and directories as {@link ManifestReader} reads them
   * @return another set
   * @throws IdentityException with code {@code CONFIGURATION} and the load report if anything is
   *     wrong with the files, or they hold no object or cannot be read
   */
  public ManifestSet apply(List<Path> paths) {
    return apply(paths.toString(), reader -> reader.read(ManifestSource.of(paths)));
  }

  private ManifestSet apply(String origin, Consumer<TextReader> source) {
    var findings = new Findings();
    var applied = new ArrayList<ManifestObject>();
    // Whatever is lost is an error among the findings as well, and refuses the whole text.
    var reader = new TextReader(findings, applied::add, lost -> {});
    source.accept(reader);
    List<Finding> errors = new ArrayList<>(findings.report().of(Severity.ERROR));
    errors.addAll(ManifestReader.read(applied, loopback, "").report().of(Severity.ERROR));
    if (!errors.isEmpty()) {
      throw refused(origin, "\n" + new LoadReport(errors).render());
    }
    if (applied.isEmpty()) {
      throw refused(origin, "they hold no object; " + findings.report().render());
    }
    var changed = new LinkedHashMap<>(objects);
    applied.forEach(object -> changed.put(Key.of(object), object));
    return new ManifestSet(loopback, changed, TextReader.digestOf(digest + reader.digest()));
  }

  private static IdentityException refused(String origin, String why) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION, "The manifests " + origin + " are refused: " + why);
  }

  /**
   * The set after an object has gone; with a namespace goes all that is in it.
   *
   * @param kind its kind, such as {@code NetworkPolicy}
   * @param path {@code namespace/name}, or the name of what has no namespace
   * @return another set
   * @throws IllegalArgumentException if there is no such object
   */
  public ManifestSet delete(String kind, String path) {
    var changed = new LinkedHashMap<>(objects);
    if (!changed.keySet().removeIf(key -> key.kind().equals(kind) && key.path().equals(path))) {
      throw new IllegalArgumentException(
          "there is no " + kind + " " + path + Spelling.hint(Spelling.nearest(path, paths(kind))));
    }
    if (kind.equals(NAMESPACE)) {
      changed.keySet().removeIf(key -> key.namespace().equals(path));
    }
    return new ManifestSet(loopback, changed, TextReader.digestOf(digest + kind + " " + path));
  }

  /**
   * The objects of a kind.
   *
   * @param kind such as {@code Pod}
   * @return {@code namespace/name} of each, or the name of what has no namespace
   */
  public List<String> paths(String kind) {
    return objects.keySet().stream()
        .filter(key -> key.kind().equals(kind))
        .map(Key::path)
        .collect(Collectors.toUnmodifiableList());
  }

  /**
   * What all objects say together, read anew.
   *
   * @return everything that a view is made from
   */
  public Manifests manifests() {
    return ManifestReader.read(objects.values(), loopback, digest);
  }
}
