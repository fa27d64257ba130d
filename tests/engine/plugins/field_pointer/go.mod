module example.com/plugins/engine/field_pointer

go 1.21
