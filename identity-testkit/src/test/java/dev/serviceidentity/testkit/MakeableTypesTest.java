// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No type of the API stands in the way of a unit test. */
class MakeableTypesTest {
  @Test
  void everyPublicTypeIsAnInterfaceOrAnEnumOrHasAPublicFactory() throws Exception {
    List<Class<?>> types = publicTypes();
    Set<Class<?>> made =
        types.stream()
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .map(Method::getReturnType)
            .collect(Collectors.toSet());
    assertThat(types).hasSizeGreaterThan(50).contains(ServiceIdentity.class);
    assertThat(types)
        // Holds statics alone.
        .filteredOn(type -> type != ForeignText.class)
        .filteredOn(type -> !isMockable(type) && !isMakeable(type, made))
        .isEmpty();
  }

  private static boolean isMockable(Class<?> type) {
    return type.isInterface() && !type.isSealed();
  }

  /** By a constructor or a factory, its own or that of a sealed type that it is a variant of. */
  private static boolean isMakeable(Class<?> type, Set<Class<?>> made) {
    return type.isEnum()
        || type.isSealed()
        || type.getConstructors().length > 0
        || made.contains(type)
        || Arrays.stream(type.getInterfaces()).anyMatch(of -> of.isSealed() && made.contains(of));
  }

  /** The packages that the module exports; guard is not one of them. */
  private static List<Class<?>> publicTypes()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path home =
        Path.of(ServiceIdentity.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(home)) {
      return publicTypes(home);
    }
    try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + home.toUri()), Map.of())) {
      return publicTypes(jar.getPath("/"));
    }
  }

  private static List<Class<?>> publicTypes(Path root) throws IOException, ClassNotFoundException {
    List<String> names;
    try (Stream<Path> files = Files.walk(root.resolve("dev"))) {
      names =
          files
              .map(file -> root.relativize(file).toString())
              .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
              .map(name -> name.replace(".class", "").replace('/', '.'))
              .filter(name -> !name.startsWith("dev.serviceidentity.guard."))
              .toList();
    }
    var types = new ArrayList<Class<?>>();
    for (String name : names) {
      Class<?> type = Class.forName(name, false, MakeableTypesTest.class.getClassLoader());
      if (Modifier.isPublic(type.getModifiers())) {
        types.add(type);
      }
    }
    return types;
  }
}
