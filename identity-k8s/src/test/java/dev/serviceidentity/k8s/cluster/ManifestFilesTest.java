// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.policy.PodFacts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestFilesTest {
  @TempDir private Path directory;

  private static String pod(String name) {
    return "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: " + name + "}}\n";
  }

  private Path write(String path, String content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Manifests read(Path... paths) {
    return ManifestReader.read(List.of(paths), Loopback.IGNORED);
  }

  private static List<String> names(Manifests manifests) {
    return manifests.facts().pods().stream().map(PodFacts::displayName).toList();
  }

  @Test
  void aDirectoryIsReadWithAllItsDirectories() throws IOException {
    write("web.yaml", pod("web"));
    write("api/pods/api.yaml", pod("api"));
    write("api/notes.txt", "no manifest");

    Manifests manifests = read(directory);

    assertThat(names(manifests)).containsExactly("shop/api", "shop/web");
    assertThat(manifests.report().findings()).isEmpty();
  }

  @Test
  void hiddenDirectoriesArePassedOverInSilenceUnlessTheyAreNamed() throws IOException {
    write("web.yaml", pod("web"));
    write(".git/old.yaml", pod("old"));

    assertThat(names(read(directory))).containsExactly("shop/web");
    assertThat(read(directory).report().findings()).isEmpty();
    assertThat(names(read(directory.resolve(".git")))).containsExactly("shop/old");
  }

  @Test
  void linksAreFollowedAndCirclesOfThemEnd() throws IOException {
    write("real/web.yaml", pod("web"));
    Files.createSymbolicLink(directory.resolve("real/up"), directory);
    Files.createDirectory(directory.resolve("named"));
    Files.createSymbolicLink(directory.resolve("named/by-link"), directory.resolve("real"));

    assertThat(names(read(directory.resolve("named")))).containsExactly("shop/web");
  }

  @Test
  void manyLinksToManyDirectoriesAreNotManyTimesTheWork() throws IOException {
    for (int i = 0; i < 40; i++) {
      Path level = Files.createDirectory(directory.resolve("level" + i));
      for (String link : List.of("a", "b", "c")) {
        Files.createSymbolicLink(level.resolve(link), directory.resolve("level" + (i + 1) % 40));
      }
    }
    write("level20/web.yaml", pod("web"));

    assertThat(names(read(directory))).containsExactly("shop/web");
  }

  @Test
  void moreDirectoriesInEachOtherThanAnybodyMeansAreAnError() throws IOException {
    write("d/".repeat(60) + "web.yaml", pod("web"));

    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> read(directory))
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("deep");
  }

  @Test
  void moreFilesThanAnybodyMeansAreAnError() throws IOException {
    write("a.yaml", pod("a"));
    write("b.yaml", pod("b"));
    write("c.yaml", pod("c"));

    assertThat(new ManifestFiles(3).expand(directory)).hasSize(3);
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> new ManifestFiles(2).expand(directory))
        .withMessageContaining("more than 2 files");
  }

  @Test
  void aLinkToNothingIsAnErrorThatNamesIt() throws IOException {
    write("a.yaml", pod("a"));
    Files.createSymbolicLink(directory.resolve("b.yaml"), directory.resolve("gone"));

    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> read(directory))
        .withMessageContaining("b.yaml");
  }

  @Test
  void aStreamIsReadAsAFileOfItsName() {
    byte[] bytes = (pod("web") + "---\na: {b\n").getBytes(StandardCharsets.UTF_8);

    Manifests manifests =
        ManifestReader.read(
            List.of(new ManifestSource.OfStream("<stdin>", new ByteArrayInputStream(bytes))),
            Loopback.IGNORED,
            UntypedPolicies.UNREAD);

    assertThat(names(manifests)).containsExactly("shop/web");
    assertThat(manifests.report().of(Severity.ERROR))
        .singleElement()
        .asString()
        .startsWith("<stdin>:4: error: ");
  }

  @Test
  void aPipeThatIsNamedIsRead() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var writer = new Thread(() -> fill(pipe), "pipe-writer");
    writer.start();

    Manifests manifests = read(pipe);

    writer.join();
    assertThat(names(manifests)).containsExactly("shop/web");
  }

  private static void fill(Path pipe) {
    try {
      Files.writeString(pipe, pod("web"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kustomization.yaml", "kustomization.yml", "Kustomization"})
  void aKustomizationIsAnErrorThatSaysWhatToDo(String name) throws IOException {
    write("app/web.yaml", pod("web"));
    write("app/" + name, "namePrefix: test-\nresources: [web.yaml]\n");

    Manifests manifests = read(directory);

    assertThat(manifests.report().findings())
        .singleElement()
        .asString()
        .contains("app/" + name + ":1: error: ")
        .contains("`kustomize build " + directory.resolve("app") + "`");
    assertThat(manifests.facts().gaps().policies()).isNotEmpty();
  }

  @Test
  void aKustomizationUnderAnotherNameIsAnErrorToo() throws IOException {
    write("web.yaml", pod("web"));
    write("k.yaml", "{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization}\n");

    Manifests manifests = read(directory);

    assertThat(manifests.report().findings())
        .singleElement()
        .asString()
        .contains("k.yaml:1: error: ", "is not applied");
    assertThat(manifests.facts().gaps().policies()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata: {name: {{ .Release.Name }}}",
        "{{- if .Values.enabled }}\nmetadata: {name: web}\n{{- end }}",
        "metadata: {name: '{{ .Release.Name }}-web'}",
        "metadata: {namespace: '{{ .Release.Namespace }}', name: web}",
      })
  void aTemplateThatNobodyHasRenderedIsSaidToBeOne(String text) throws IOException {
    write("web.yaml", pod("web"));
    write("t.yaml", "apiVersion: v1\nkind: Pod\n" + text + "\n");

    assertThat(read(directory).report().of(Severity.ERROR))
        .first()
        .asString()
        .contains("t.yaml:")
        .contains("looks like an unrendered Helm template")
        .contains("`helm template`")
        .doesNotContain("Non scalar");
  }

  @Test
  void aNameInUpperCaseIsSaidToBeOne() throws IOException {
    write("a.yaml", pod("RELEASE-cache"));
    write("b.yaml", "{apiVersion: v1, kind: Pod, metadata: {namespace: Shop, name: web}}");
    write("c.yaml", pod("web_1"));

    assertThat(read(directory).report().of(Severity.ERROR).stream().map(Object::toString))
        .zipSatisfy(
            Stream.of(
                    "upper case is not allowed",
                    "upper case is not allowed",
                    "is no name that an object can have")
                .toList(),
            (finding, expected) -> assertThat(finding).contains(expected));
  }
}
